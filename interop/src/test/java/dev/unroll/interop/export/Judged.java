package dev.unroll.interop.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.interop.onnx.OnnxModel;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;

/** Exported graphs, run on their samples by ONNX Runtime and by our own executor. */
final class Judged {

  private Judged() {}

  /**
   * Runs all samples with both and refuses differences.
   *
   * @param labels the rows of {@link ExportTable} to which it belongs
   */
  static void check(Exported exported, List<String> labels) {
    checkWithOnnxRuntime(exported, labels);
    checkWithOurs(exported);
  }

  static void checkWithOnnxRuntime(Exported exported, List<String> labels) {
    var runners = new ArrayList<OrtRunner>();
    exported.graphs().forEach(graph -> runners.add(new OrtRunner(graph.model())));
    try {
      var found = Comparison.of(exported, (graph, inputs) -> runners.get(graph).run(inputs));
      assertThat(found.same()).as("ONNX Runtime: " + found).isTrue();
      String form = said(exported, "form");
      ExportTable.add(found, said(exported, "task"), form.equals("streaming"), labels);
    } finally {
      runners.forEach(OrtRunner::close);
    }
  }

  private static String said(Exported exported, String name) {
    return exported.graphs().getFirst().model().getMetadataPropsList().stream()
        .filter(each -> each.getKey().equals(name))
        .findFirst()
        .orElseThrow()
        .getValue();
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
