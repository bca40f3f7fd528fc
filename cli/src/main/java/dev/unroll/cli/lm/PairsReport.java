package dev.unroll.cli.lm;

import dev.unroll.cli.report.Report;
import dev.unroll.kernel.Workers;
import dev.unroll.measure.PairwiseAccuracy;
import dev.unroll.task.lm.SentenceScore;
import dev.unroll.task.lm.TokenModel;
import dev.unroll.text.table.Table;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Pairs of sentences, of which the first should be the more probable: how often it is, by category.
 */
record PairsReport(PairwiseAccuracy<String> accuracy) implements Report {

  static final String FIELDS = "the right sentence, the wrong one and, if any, a category";

  static PairsReport of(TokenModel model, List<Path> files, Workers workers) {
    List<Table.Row> rows = Table.rows(files, 2, 3, FIELDS);
    var lines = new ArrayList<String>();
    for (Table.Row row : rows) {
      lines.add(row.fields().get(0));
      lines.add(row.fields().get(1));
    }
    List<SentenceScore> scores = model.score(lines, workers);
    var accuracy = new PairwiseAccuracy<String>();
    for (int i = 0; i < rows.size(); i++) {
      List<String> fields = rows.get(i).fields();
      String category = fields.size() > 2 ? fields.get(2) : "";
      accuracy.add(category, scores.get(2 * i).total(), scores.get(2 * i + 1).total());
    }
    return new PairsReport(accuracy);
  }

  @Override
  public void print(PrintWriter out) {
    out.println("accuracy   right of all  category");
    if (accuracy.categories().size() > 1) {
      accuracy.categories().forEach((category, count) -> line(out, count, category));
    }
    PairwiseAccuracy.Count all = accuracy.all();
    line(out, all, "all");
    if (all.ties() > 0) {
      out.println(
          "%,d of the pairs are ties, which are not right (both sentences are impossible in %,d)"
              .formatted(all.ties(), all.impossible()));
    }
  }

  private static void line(PrintWriter out, PairwiseAccuracy.Count count, String name) {
    out.println(
        String.format(
            Locale.ROOT,
            "%7.2f%% %6d of %,5d  %s",
            100 * count.accuracy(),
            count.right(),
            count.pairs(),
            name));
  }

  @Override
  public Map<String, Object> fields() {
    var categories = new LinkedHashMap<String, Object>();
    accuracy.categories().forEach((category, count) -> categories.put(category, fields(count)));
    var root = new LinkedHashMap<String, Object>(fields(accuracy.all()));
    root.put("categories", categories);
    return root;
  }

  private static Map<String, Object> fields(PairwiseAccuracy.Count count) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("accuracy", count.accuracy());
    fields.put("right", count.right());
    fields.put("pairs", count.pairs());
    if (count.ties() > 0) {
      fields.put("ties", count.ties());
      fields.put("bothImpossible", count.impossible());
    }
    return fields;
  }
}
