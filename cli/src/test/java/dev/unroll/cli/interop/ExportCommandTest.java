package dev.unroll.cli.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.cli.Session;
import dev.unroll.interop.onnx.OnnxModel;
import dev.unroll.interop.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code unroll export}, and what comes of it. */
class ExportCommandTest {

  @TempDir static Path folder;

  private static Session.Result run(String line) {
    return Session.run(words(line));
  }

  private static Session.Result ok(String line) {
    return Session.ok(words(line));
  }

  /** A word that begins with {@code @} is a file in the folder. */
  private static String[] words(String line) {
    return Arrays.stream(line.split(" ", -1))
        .map(word -> word.startsWith("@") ? folder.resolve(word.substring(1)).toString() : word)
        .toArray(String[]::new);
  }

  @BeforeAll
  static void train() throws IOException {
    Files.write(folder.resolve("text.txt"), Session.sentences(100));
    ok(
        "lm train @text.txt --unit tokens --reading stream --cell lstm --no-layer-norm --units 8"
            + " --min-count 1 --epochs 1 --no-ngrams -o @lm.safetensors");
  }

  @Test
  void whatIsWrittenRunsByItsCommand() {
    var written = ok("export @lm.safetensors -o @lm.onnx");
    assertThat(written.out()).contains("lm.onnx: lm, ", "Run here on a sample: ");
    assertThat(ok("onnx info @lm.onnx").out()).contains("tokens", "log_probabilities", "opset");
    ok("export @lm.safetensors -o @lm.onnx --opset 12"); // replaces it
  }

  @Test
  void aStreamIsReadStepByStep() {
    ok("export @lm.safetensors -o @stream.onnx --streaming");
    ok("export @lm.safetensors -o @whole.onnx");
    long[] ids = {3, 2, 4, 3, 5};
    long[] length = {ids.length};
    float[] whole =
        OnnxModel.open(folder.resolve("whole.onnx"))
            .run(Map.of("tokens", Tensor.of(ids, 1, ids.length), "lengths", Tensor.of(length, 1)))
            .get("log_probabilities")
            .floats();
    var stream = OnnxModel.open(folder.resolve("stream.onnx")).stream();
    int vocabulary = whole.length / ids.length;
    for (int t = 0; t < ids.length; t++) {
      long[] one = {ids[t]};
      float[] step =
          stream
              .step(Map.of("tokens", Tensor.of(one, 1, 1), "lengths", Tensor.of(new long[] {1}, 1)))
              .get("log_probabilities")
              .floats();
      float[] wanted = Arrays.copyOfRange(whole, t * vocabulary, (t + 1) * vocabulary);
      for (int id = 0; id < vocabulary; id++) {
        assertThat(step[id]).isCloseTo(wanted[id], org.assertj.core.data.Offset.offset(1e-5f));
      }
    }
  }

  @Test
  void pyTorchGetsAFolder() {
    assertThat(ok("export @lm.safetensors --to pytorch -o @torch").out())
        .contains("weights.safetensors", "model.py");
    assertThat(run("export @lm.safetensors --to pytorch --opset 9 -o @torch").err())
        .contains("--opset does nothing for PyTorch");
  }

  @Test
  void whatCannotBeIsRefusedAndLeavesNothing() throws IOException {
    assertThat(run("export @lm.safetensors -o @x.onnx --to tflite").err())
        .contains("no format is called tflite", "onnx or pytorch");
    assertThat(run("export @lm.safetensors -o @x.onnx --opset 3").err())
        .contains("the opset is 3", "--opset takes 7 to 24");
    assertThat(run("export @text.txt -o @x.onnx").status()).isEqualTo(2);
    assertThat(run("export @lm.safetensors -o @lm.safetensors").status()).isEqualTo(2);
    assertThat(run("export @lm.safetensors -o @text.txt").err()).contains("will not be replaced");
    assertThat(folder.resolve("x.onnx")).doesNotExist();
    assertThat(Files.readAllLines(folder.resolve("text.txt"))).hasSize(100);
  }
}
