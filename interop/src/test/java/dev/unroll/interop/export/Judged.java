package dev.unroll.interop.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;

/** Exported graphs, run by ONNX Runtime on their samples. */
final class Judged {

  private Judged() {}

  /** Runs all samples and refuses differences. */
  static void check(Exported exported) {
    var runners = new ArrayList<OrtRunner>();
    exported.graphs().forEach(graph -> runners.add(new OrtRunner(graph.model())));
    try {
      var found =
          Comparison.of(exported, (graph, inputs) -> runners.get(graph).run(new HashMap<>(inputs)));
      assertThat(found.same()).as(found.toString()).isTrue();
    } finally {
      runners.forEach(OrtRunner::close);
    }
  }
}
