package dev.unroll.interop.onnx.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.unroll.interop.onnx.graph.ModelReader;
import dev.unroll.interop.onnx.graph.Node;
import dev.unroll.interop.onnx.graph.TensorProtos;
import dev.unroll.interop.onnx.op.Call;
import dev.unroll.interop.onnx.op.Operator;
import dev.unroll.interop.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The ONNX project's own cases, where they lie beside the project. */
class ConformanceTest {

  private static final Path FOLDER =
      Path.of(System.getProperty("unroll.cases", "../../shared/cases"), "onnx");

  @TestFactory
  List<DynamicTest> casesOfTheOnnxProject() throws IOException {
    assumeTrue(Files.isDirectory(FOLDER), FOLDER + " is not there");
    try (Stream<Path> folders = Files.list(FOLDER)) {
      return folders
          .filter(Files::isDirectory)
          .sorted()
          .map(each -> DynamicTest.dynamicTest(each.getFileName().toString(), () -> run(each)))
          .toList();
    }
  }

  private static void run(Path folder) throws IOException {
    var model = ModelReader.read(folder.resolve("model.onnx"));
    Node node = model.graph().nodes().getFirst();
    List<@Nullable Tensor> inputs = new ArrayList<>();
    int given = 0;
    for (String name : node.inputs()) {
      inputs.add(name.isEmpty() ? null : tensor(folder, "input", given++));
    }
    Operator operator = new RecurrentOperator(RecurrentKind.valueOf(node.operator()));
    var call = new Call(node.attributes(), model.opset(""), inputs, node.outputs().size());
    assertOutputs(folder, node, operator.run(call));
    assertOutputs(folder, node, operator.prepared(call).run(call));
    var form = RecurrentForm.of(RecurrentKind.valueOf(node.operator()), node.attributes());
    var parameters = RecurrentParameters.of(form, inputs);
    assertOutputs(
        folder,
        node,
        new PlainRecurrent(parameters)
            .run(RecurrentInput.of(parameters.sizes(), inputs), call.workers()));
  }

  private static void assertOutputs(Path folder, Node node, List<Tensor> outputs)
      throws IOException {
    int given = 0;
    for (int i = 0; i < node.outputs().size(); i++) {
      if (!node.outputs().get(i).isEmpty()) {
        Tensor expected = tensor(folder, "output", given++);
        assertThat(outputs.get(i).shape()).isEqualTo(expected.shape());
        double[] found = outputs.get(i).doubles();
        for (int j = 0; j < found.length; j++) {
          double wanted = expected.doubles()[j];
          assertThat(found[j]).isCloseTo(wanted, within(1e-6 * Math.abs(wanted) + 1e-7));
        }
      }
    }
  }

  private static Tensor tensor(Path folder, String kind, int index) throws IOException {
    Path file = folder.resolve("test_data_set_0").resolve(kind + "_" + index + ".pb");
    return TensorProtos.read(Files.readAllBytes(file), file.toString());
  }
}
