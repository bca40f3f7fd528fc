package dev.unroll.cli.lm;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.report.Report;
import dev.unroll.measure.PairwiseAccuracy;
import dev.unroll.model.TokenModel;
import dev.unroll.result.SentenceScore;
import dev.unroll.text.ngram.UnknownWords;
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
 *
 * @param unknown of each category the pairs with a word that the model does not know
 * @param treated what became of them
 */
record PairsReport(PairwiseAccuracy<String> accuracy, Map<String, Integer> unknown, Unknown treated)
    implements Report {

  static final String FIELDS = "the right sentence, the wrong one and, if any, a category";

  /** What becomes of pairs with a word that the model does not know. */
  enum Unknown {
    /** All unknown words are one to the model. */
    COUNTED,
    /** They are left out. */
    LEFT_OUT,
    /** Unknown words are judged by their letters. */
    SPELLED
  }

  static PairsReport of(TokenModel model, List<Path> files, Unknown treated, Workers workers) {
    List<Table.Row> rows = Table.rows(files, 2, 3, FIELDS);
    var lines = new ArrayList<String>();
    for (Table.Row row : rows) {
      lines.add(row.fields().get(0));
      lines.add(row.fields().get(1));
    }
    List<SentenceScore> scores = model.score(lines, workers);
    var letters = treated == Unknown.SPELLED ? UnknownWords.of(model.tokenizer()) : null;
    var accuracy = new PairwiseAccuracy<String>();
    var unknown = new LinkedHashMap<String, Integer>();
    for (int i = 0; i < rows.size(); i++) {
      List<String> fields = rows.get(i).fields();
      String category = fields.size() > 2 ? fields.get(2) : "";
      SentenceScore right = scores.get(2 * i);
      SentenceScore wrong = scores.get(2 * i + 1);
      int id = model.tokenizer().unknown();
      if (right.count(id) + wrong.count(id) > 0) {
        unknown.merge(category, 1, Integer::sum);
        if (treated == Unknown.LEFT_OUT) {
          continue;
        }
      }
      accuracy.add(
          category,
          right.total() + (letters == null ? 0 : letters.logProbability(fields.get(0))),
          wrong.total() + (letters == null ? 0 : letters.logProbability(fields.get(1))));
    }
    if (treated == Unknown.LEFT_OUT && accuracy.categories().isEmpty()) {
      throw new InputException(
          "each of the pairs has a word that the model does not know",
          "Nothing is left without them: leave --without-unknown out, or take --spell-unknown.");
    }
    return new PairsReport(accuracy, unknown, treated);
  }

  private int unknownPairs() {
    return unknown.values().stream().mapToInt(Integer::intValue).sum();
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
    if (unknownPairs() > 0) {
      printUnknown(out, all.pairs());
    }
  }

  private void printUnknown(PrintWriter out, int pairs) {
    int count = unknownPairs();
    switch (treated) {
      case COUNTED -> {
        out.println(
            "%,d of the pairs have words that the model does not know: all of them are <UNK> to it"
                .formatted(count));
        out.println("  --without-unknown leaves such pairs out, --spell-unknown judges by letters");
      }
      case LEFT_OUT ->
          out.println(
              "%,d of %,d pairs were left out: they have words that the model does not know"
                  .formatted(count, count + pairs));
      case SPELLED ->
          out.println(
              "%,d of the pairs have words that the model does not know: judged by their letters"
                  .formatted(count));
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
    if (unknownPairs() > 0) {
      root.put(treated == Unknown.LEFT_OUT ? "leftOut" : "unknownPairs", unknownPairs());
    }
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
