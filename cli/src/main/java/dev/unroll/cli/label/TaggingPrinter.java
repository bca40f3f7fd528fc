package dev.unroll.cli.label;

import dev.unroll.cli.report.JsonLine;
import dev.unroll.measure.LabelScore;
import dev.unroll.measure.SpanScore;
import dev.unroll.task.label.TaggingReport;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** How well sentences are tagged, for people and for machines. */
final class TaggingPrinter {

  private TaggingPrinter() {}

  /** Returns the measures that sum up a report. */
  static Map<String, Double> measures(TaggingReport report) {
    var measures = new LinkedHashMap<String, Double>();
    measures.put("accuracy", report.score().accuracy());
    measures.put("of unseen words", report.unseen().accuracy());
    SpanScore spans = report.spans();
    if (spans != null) {
      measures.put("span precision", spans.precision());
      measures.put("span recall", spans.recall());
      measures.put("span F1", spans.f1());
    }
    return measures;
  }

  static void print(PrintWriter out, TaggingReport report, Set<String> unknown) {
    print(out, "accuracy", report.score(), "words");
    print(out, "  of unseen words", report.unseen(), "words that the training data has not");
    out.println(
        String.format(
            Locale.ROOT,
            "%-18s %.4f  (%,d of %,d)",
            "sentences right",
            (double) report.rightSentences() / Math.max(1, report.sentences()),
            report.rightSentences(),
            report.sentences()));
    if (!unknown.isEmpty()) {
      out.println(ClassificationReport.note(unknown));
    }
    SpanScore spans = report.spans();
    if (spans == null) {
      ClassificationReport.printLabels(out, "tag", "words", report.score().labels());
      return;
    }
    out.println(
        String.format(
            Locale.ROOT,
            "%-18s precision %.2f%%, recall %.2f%%, F1 %.2f (conlleval; %,d found, %,d there, %,d right)",
            "spans",
            100 * spans.precision(),
            100 * spans.recall(),
            100 * spans.f1(),
            spans.found(),
            spans.wanted(),
            spans.right()));
    ClassificationReport.printLabels(out, "type of span", "spans", spans.types());
  }

  private static void print(PrintWriter out, String name, LabelScore score, String items) {
    out.println(
        String.format(
            Locale.ROOT,
            "%-18s %.4f  (%,d of %,d %s)",
            name,
            score.accuracy(),
            score.right(),
            score.items(),
            items));
  }

  static void printJson(PrintWriter out, TaggingReport report, Set<String> unknown) {
    var root = new LinkedHashMap<String, Object>();
    root.put("words", report.score().items());
    root.put("accuracy", report.score().accuracy());
    root.put("unseenWords", report.unseen().items());
    root.put("unseenAccuracy", report.unseen().accuracy());
    root.put("sentences", report.sentences());
    root.put("rightSentences", report.rightSentences());
    root.put("unknownTags", unknown);
    SpanScore spans = report.spans();
    if (spans != null) {
      root.put("spanPrecision", spans.precision());
      root.put("spanRecall", spans.recall());
      root.put("spanF1", spans.f1());
      root.put("spans", ClassificationReport.labels(spans.types()));
    }
    root.put("tags", ClassificationReport.labels(report.score().labels()));
    JsonLine.print(out, root);
  }
}
