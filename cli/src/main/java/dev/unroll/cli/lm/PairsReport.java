package dev.unroll.cli.lm;

import dev.unroll.kernel.Workers;
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
final class PairsReport {

  static final String FIELDS = "the right sentence, the wrong one and, if any, a category";

  private final Map<String, int[]> ofCategory = new LinkedHashMap<>();

  private PairsReport() {}

  static PairsReport of(TokenModel model, List<Path> files, Workers workers) {
    List<Table.Row> rows = Table.rows(files, 2, 3, FIELDS);
    var lines = new ArrayList<String>();
    for (Table.Row row : rows) {
      lines.add(row.fields().get(0));
      lines.add(row.fields().get(1));
    }
    List<SentenceScore> scores = model.score(lines, workers);
    var report = new PairsReport();
    for (int i = 0; i < rows.size(); i++) {
      List<String> fields = rows.get(i).fields();
      String category = fields.size() > 2 ? fields.get(2) : "";
      boolean right = scores.get(2 * i).total() > scores.get(2 * i + 1).total();
      int[] counts = report.ofCategory.computeIfAbsent(category, name -> new int[2]);
      counts[0] += right ? 1 : 0;
      counts[1]++;
    }
    return report;
  }

  private int[] all() {
    int[] sum = new int[2];
    for (int[] counts : ofCategory.values()) {
      sum[0] += counts[0];
      sum[1] += counts[1];
    }
    return sum;
  }

  void print(PrintWriter out) {
    out.println("accuracy   right of all  category");
    if (ofCategory.size() > 1) {
      ofCategory.forEach((category, counts) -> line(out, counts, category));
    }
    line(out, all(), "all");
  }

  private static void line(PrintWriter out, int[] counts, String name) {
    out.println(
        String.format(
            Locale.ROOT,
            "%7.2f%% %6d of %,5d  %s",
            100.0 * counts[0] / counts[1],
            counts[0],
            counts[1],
            name));
  }

  /** What to write as JSON. */
  Map<String, Object> fields() {
    var categories = new LinkedHashMap<String, Object>();
    ofCategory.forEach((category, counts) -> categories.put(category, fields(counts)));
    var root = new LinkedHashMap<String, Object>(fields(all()));
    root.put("categories", categories);
    return root;
  }

  private static Map<String, Object> fields(int[] counts) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("accuracy", (double) counts[0] / counts[1]);
    fields.put("right", counts[0]);
    fields.put("pairs", counts[1]);
    return fields;
  }
}
