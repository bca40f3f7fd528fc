package dev.unroll.interop.onnx;

import static dev.unroll.interop.onnx.Models.attribute;
import static dev.unroll.interop.onnx.Models.floats;
import static dev.unroll.interop.onnx.Models.graph;
import static dev.unroll.interop.onnx.Models.model;
import static dev.unroll.interop.onnx.Models.node;
import static dev.unroll.interop.onnx.Models.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.tensor.TestTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/interop.md shows of ONNX models from Java. */
class OnnxUseTest {

  private static Path gru(Path folder) throws IOException {
    var gru =
        graph(
                node("GRU", "x W R _ _ h0", "all hn").addAttribute(attribute("hidden_size", 64)),
                node("Squeeze", "all one", "y"))
            .addInitializer(tensor("W", TestTensors.floats(1, 1, 192, 3)))
            .addInitializer(tensor("R", TestTensors.floats(2, 1, 192, 64)))
            .addInitializer(tensor("one", Tensor.of(new long[] {1}, 1)))
            .addInput(floats("x", "time", "batch", 3))
            .addInput(floats("h0", 1, "batch", 64))
            .addOutput(floats("y", "time", "batch", 64))
            .addOutput(floats("hn", 1, "batch", 64));
    return Files.write(folder.resolve("gru.onnx"), model(gru).build().toByteArray());
  }

  @Test
  void runsAndStreams(@TempDir Path folder) throws IOException {
    Path file = gru(folder);
    float[] readings = TestTensors.floats(3, 5, 3).floats();

    OnnxModel model = OnnxModel.open(file);
    Tensor x = Tensor.of(readings, 5, 1, 3); // 5 steps of one sequence, 3 numbers each
    Tensor h0 = Tensor.of(new float[64], 1, 1, 64);
    Map<String, Tensor> outputs = model.run(Map.of("x", x, "h0", h0));
    float[] y = outputs.get("y").floats();

    OnnxStream stream = model.stream(); // h0 and hn are found by their names
    for (int t = 0; t < 5; t++) {
      float[] now = {readings[3 * t], readings[3 * t + 1], readings[3 * t + 2]};
      Tensor step = stream.step(Map.of("x", Tensor.of(now, 1, 1, 3))).get("y");
      assertThat(step.floats()[0]).isEqualTo(y[64 * t]);
    }
    Map<String, Tensor> saved = stream.state();
    stream.reset();
    assertThat(stream.state()).isEmpty();
    stream.restore(saved);
    assertThat(stream.state()).containsKey("h0");
  }
}
