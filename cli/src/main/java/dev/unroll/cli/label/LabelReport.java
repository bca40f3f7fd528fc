package dev.unroll.cli.label;

import dev.unroll.cli.report.Report;
import dev.unroll.result.LabelScore;
import java.io.PrintWriter;
import java.util.Map;

/** How well labels are found by something that gives them no probabilities. */
record LabelReport(LabelScore score) implements Report {

  @Override
  public void print(PrintWriter out) {
    ClassificationReport.print(out, score);
    ClassificationReport.printLabels(out, "label", "texts", score.labels());
  }

  @Override
  public Map<String, Object> fields() {
    return ClassificationReport.fields(score);
  }
}
