package dev.unroll.cli.label;

import dev.unroll.cli.report.Report;
import dev.unroll.file.Numbers;
import dev.unroll.model.Tagger;
import dev.unroll.result.LabelScore;
import dev.unroll.result.SpanScore;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How well sentences are tagged, for people and for machines.
 *
 * @param measured what was measured
 * @param unknown tags that the model does not know
 */
record TaggingPrinter(Tagger.Report measured, Set<String> unknown) implements Report {

  /** Returns the measures that sum up a measured. */
  static Map<String, Double> measures(Tagger.Report measured) {
    var measures = new LinkedHashMap<String, Double>();
    measures.put("accuracy", measured.score().accuracy());
    measures.put("of unseen words", measured.unseen().accuracy());
    SpanScore spans = measured.spans();
    if (spans != null) {
      measures.put("span precision", spans.precision());
      measures.put("span recall", spans.recall());
      measures.put("span F1", spans.f1());
    }
    return measures;
  }

  @Override
  public void print(PrintWriter out) {

    print(out, "accuracy", measured.score(), "words");
    print(out, "  of unseen words", measured.unseen(), "words that the training data has not");
    out.println(
        String.format(
            Locale.ROOT,
            "%-18s %s  (%,d of %,d)",
            "sentences right",
            Numbers.percent((double) measured.rightSentences() / Math.max(1, measured.sentences())),
            measured.rightSentences(),
            measured.sentences()));
    if (!unknown.isEmpty()) {
      out.println(ClassificationReport.note(unknown));
    }
    SpanScore spans = measured.spans();
    if (spans == null) {
      ClassificationReport.printLabels(out, "tag", "words", measured.score().labels());
      return;
    }
    out.println(
        String.format(
            Locale.ROOT,
            "%-18s precision %s, recall %s, F1 %s (conlleval; %,d found, %,d there, %,d right)",
            "spans",
            Numbers.percent(spans.precision()),
            Numbers.percent(spans.recall()),
            Numbers.percent(spans.f1()),
            spans.found(),
            spans.wanted(),
            spans.right()));
    ClassificationReport.printLabels(out, "type of span", "spans", spans.types());
  }

  private static void print(PrintWriter out, String name, LabelScore score, String items) {
    out.println(
        String.format(
            Locale.ROOT,
            "%-18s %s  (%,d of %,d %s)",
            name,
            Numbers.percent(score.accuracy()),
            score.right(),
            score.items(),
            items));
  }

  @Override
  public Map<String, Object> fields() {

    var root = new LinkedHashMap<String, Object>();
    root.put("words", measured.score().items());
    root.put("accuracy", measured.score().accuracy());
    root.put("unseenWords", measured.unseen().items());
    root.put("unseenAccuracy", measured.unseen().accuracy());
    root.put("sentences", measured.sentences());
    root.put("rightSentences", measured.rightSentences());
    root.put("unknownTags", unknown);
    SpanScore spans = measured.spans();
    if (spans != null) {
      root.put("spanPrecision", spans.precision());
      root.put("spanRecall", spans.recall());
      root.put("spanF1", spans.f1());
      root.put("spans", ClassificationReport.labels(spans.types()));
    }
    root.put("tags", ClassificationReport.labels(measured.score().labels()));
    return root;
  }
}
