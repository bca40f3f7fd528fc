package dev.unroll.interop.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.interop.onnx.OnnxModel;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;

/** Exported graphs, run on their samples by ONNX Runtime and by our own executor. */
final class Judged {

  private Judged() {}

  /** Runs all samples with both and refuses differences. */
  static void check(Exported exported) {
    checkWithOnnxRuntime(exported);
    checkWithOurs(exported);
  }

  static void checkWithOnnxRuntime(Exported exported) {
    var runners = new ArrayList<OrtRunner>();
    exported.graphs().forEach(graph -> runners.add(new OrtRunner(graph.model())));
    try {
      var found = Comparison.of(exported, (graph, inputs) -> runners.get(graph).run(inputs));
      assertThat(found.same()).as("ONNX Runtime: " + found).isTrue();
    } finally {
      runners.forEach(OrtRunner::close);
    }
  }

  static void checkWithOurs(Exported exported) {
    var models =
        exported.graphs().stream()
            .map(each -> OnnxModel.open(new ByteArrayInputStream(each.model().toByteArray())))
            .toList();
    var found = Comparison.of(exported, (graph, inputs) -> models.get(graph).run(inputs));
    assertThat(found.same()).as("our executor: " + found).isTrue();
  }
}
