package dev.unroll.cli.label;

import dev.unroll.cli.report.Report;
import dev.unroll.file.Json;
import dev.unroll.file.Numbers;
import dev.unroll.model.Classifier;
import dev.unroll.result.Calibration;
import dev.unroll.result.LabelScore;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How well texts are classified, for people and for machines.
 *
 * @param measured what was measured
 */
record ClassificationReport(Classifier.Report measured) implements Report {

  /** Returns the measures that sum up a score. */
  static Map<String, Double> measures(LabelScore score, boolean several) {
    var measures = new LinkedHashMap<String, Double>();
    measures.put("accuracy", score.accuracy());
    measures.put("macro F1", score.macroF1());
    if (several) {
      measures.put("micro F1", score.microF1());
    }
    return measures;
  }

  static void print(PrintWriter out, LabelScore score) {
    out.println(
        String.format(
            Locale.ROOT,
            "accuracy           %s  (%,d of %,d)",
            Numbers.percent(score.accuracy()),
            score.right(),
            score.items()));
    out.println("macro F1           " + Numbers.percent(score.macroF1()));
    if (score.confusion().isEmpty()) {
      out.println("micro F1           " + Numbers.percent(score.microF1()));
    }
  }

  @Override
  public void print(PrintWriter out) {
    print(out, measured.score());
    out.println(
        String.format(
            Locale.ROOT, "cross-entropy      %.4f nats per text", measured.crossEntropy()));
    out.println(
        String.format(
            Locale.ROOT,
            "calibration error  %s (expected, in ten classes)",
            Numbers.percent(measured.calibration().expectedError())));
    if (!measured.unknown().isEmpty()) {
      out.println(note(measured.unknown()) + "; they do not count in the cross-entropy");
    }
    printLabels(out, "label", "texts", measured.score().labels());
    printConfusion(out, measured.score());
    printCalibration(out, measured.calibration());
  }

  /** Says which labels can only be missed. */
  static String note(Set<String> unknown) {
    int shown = 5;
    String more = unknown.size() > shown ? " and %,d more".formatted(unknown.size() - shown) : "";
    String names = unknown.stream().limit(shown).collect(Collectors.joining(", "));
    return "note: the model does not know " + names + more + ": missed";
  }

  /** Prints precision, recall and F1 of each label. */
  static void printLabels(
      PrintWriter out, String one, String items, Map<String, LabelScore.Found> labels) {
    int width = labels.keySet().stream().mapToInt(String::length).max().orElse(0);
    String name = "%-" + Math.max(18, width) + "s ";
    out.println();
    out.println(name.formatted(one) + "precision    recall        F1 " + "%9s".formatted(items));
    labels.forEach(
        (label, found) ->
            out.println(
                name.formatted(label)
                    + String.format(
                        Locale.ROOT,
                        "%9s %9s %9s %,9d",
                        Numbers.percent(found.precision()),
                        Numbers.percent(found.recall()),
                        Numbers.percent(found.f1()),
                        found.wanted())));
  }

  private static void printConfusion(PrintWriter out, LabelScore score) {
    if (score.confusion().isEmpty()) {
      return;
    }
    List<String> names = List.copyOf(score.labels().keySet());
    int width = names.stream().mapToInt(String::length).max().orElse(0);
    String name = "%3d %-" + Math.max(14, width) + "s ";
    out.println();
    out.println("confusion (a row for each label, a column for what was found)");
    var header = new StringBuilder(" ".repeat(Math.max(14, width) + 5));
    for (int i = 1; i <= names.size(); i++) {
      header.append("%6d".formatted(i));
    }
    out.println(header);
    for (int i = 0; i < names.size(); i++) {
      var line = new StringBuilder(name.formatted(i + 1, names.get(i)));
      Map<String, Long> row = score.confusion().getOrDefault(names.get(i), Map.of());
      names.forEach(found -> line.append("%6d".formatted(row.getOrDefault(found, 0L))));
      out.println(line);
    }
  }

  private static void printCalibration(PrintWriter out, Calibration calibration) {
    out.println();
    out.println("probability    answers      mean     right");
    for (int i = 0; i < calibration.bins().size(); i++) {
      Calibration.Bin bin = calibration.bins().get(i);
      if (bin.answers() > 0) {
        out.println(
            String.format(
                Locale.ROOT,
                "%3d%% to %3d%%  %,8d %9s %9s",
                10 * i,
                10 * (i + 1),
                bin.answers(),
                Numbers.percent(bin.meanProbability()),
                Numbers.percent(bin.share())));
      }
    }
  }

  @Override
  public Map<String, Object> fields() {
    var root = fields(measured.score());
    root.put("crossEntropy", measured.crossEntropy());
    root.put("calibrationError", measured.calibration().expectedError());
    root.put("unknownLabels", measured.unknown());
    root.put(
        "calibration",
        measured.calibration().bins().stream().map(ClassificationReport::fields).toList());
    return root;
  }

  private static Map<String, Object> fields(Calibration.Bin bin) {
    return Json.object(
        "answers", bin.answers(), "meanProbability", bin.meanProbability(), "share", bin.share());
  }

  /** Returns what can be counted of answers alone. */
  static Map<String, Object> fields(LabelScore score) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("items", score.items());
    fields.put("accuracy", score.accuracy());
    fields.put("macroF1", score.macroF1());
    fields.put("microF1", score.microF1());
    fields.put("labels", labels(score.labels()));
    fields.put("confusion", score.confusion());
    return fields;
  }

  /** Returns precision, recall, F1 and count of each label. */
  static Map<String, Object> labels(Map<String, LabelScore.Found> labels) {
    var all = new LinkedHashMap<String, Object>();
    labels.forEach(
        (label, found) -> {
          var fields = new LinkedHashMap<String, Object>();
          fields.put("precision", found.precision());
          fields.put("recall", found.recall());
          fields.put("f1", found.f1());
          fields.put("count", found.wanted());
          all.put(label, fields);
        });
    return all;
  }
}
