package dev.unroll.cli.lm;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.report.Answers;
import dev.unroll.model.TokenModel;
import dev.unroll.result.SentenceScore;
import dev.unroll.task.lm.Rescoring;
import dev.unroll.task.lm.Rescoring.Hypothesis;
import dev.unroll.text.table.Table;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How n-best lists are rescored. */
final class NbestOptions {

  private static final String FIELDS =
      "the list's name, a score, the text and, for --tune, its number of errors";

  @Option(
      names = "--nbest",
      description =
          "Rescore n-best lists: each line has the list's name, another score (greater is"
              + " better) and the text, separated by tabs. Prints the best of each list.")
  boolean nbest;

  @Option(
      names = "--weight",
      paramLabel = "X",
      description = "Weight of the log-probability relative to the other score. Default: 1.")
  @Nullable Double weight;

  @Option(
      names = "--tune",
      description = "Find the weight with the fewest errors, which a fourth field gives.")
  boolean tune;

  @Option(names = "--all", description = "Print all hypotheses of each list, the best first.")
  boolean all;

  void check() {
    if (!nbest && (weight != null || tune || all)) {
      throw new InputException(
          "--weight, --tune and --all do nothing here", "They belong to --nbest.");
    }
    if (tune && weight != null) {
      throw new InputException(
          "--weight cannot be combined with --tune", "Leave one or the other out.");
    }
  }

  /** Where the results go. */
  record Screen(PrintWriter out, PrintWriter err, Answers answers) {}

  void run(TokenModel model, List<Path> files, Workers workers, Screen screen) {
    List<Table.Row> rows = Table.rows(files, tune ? 4 : 3, 4, FIELDS);
    List<SentenceScore> scores =
        model.score(rows.stream().map(row -> row.fields().get(2)).toList(), workers);
    var hypotheses = new ArrayList<Hypothesis>();
    for (int i = 0; i < rows.size(); i++) {
      Table.Row row = rows.get(i);
      hypotheses.add(
          new Hypothesis(
              row.fields().get(0),
              row.fields().get(2),
              row.number(1, "score"),
              scores.get(i).total(),
              tune ? row.number(3, "number of errors") : 0));
    }
    double chosen = tune ? Rescoring.tune(hypotheses) : weight == null ? 1 : weight;
    if (tune) {
      screen.err.println(
          String.format(
              Locale.ROOT,
              "weight %.6g: %s errors; %s by the other score only, %s by the model only",
              chosen,
              plain(Rescoring.errors(hypotheses, chosen)),
              plain(Rescoring.errors(hypotheses, 0)),
              plain(Rescoring.errors(hypotheses, 1e12))));
    }
    for (List<Hypothesis> list : Rescoring.lists(hypotheses).values()) {
      List<Hypothesis> ranked = Rescoring.ranked(list, chosen);
      for (Hypothesis each : all ? ranked : ranked.subList(0, 1)) {
        if (screen.answers.areAsked()) {
          screen.answers.print(screen.out, fields(each, chosen));
        } else {
          screen.out.println(line(each, chosen));
        }
      }
    }
  }

  private static String plain(double errors) {
    return errors == Math.rint(errors) ? "%,d".formatted((long) errors) : String.valueOf(errors);
  }

  private static String line(Hypothesis each, double weight) {
    return String.format(
        Locale.ROOT,
        "%s\t%.4f\t%s\t%.4f",
        each.list(),
        each.score(weight),
        each.text(),
        each.model());
  }

  private static Map<String, Object> fields(Hypothesis each, double weight) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("list", each.list());
    fields.put("score", each.score(weight));
    fields.put("text", each.text());
    fields.put("other", each.other());
    fields.put("logProbability", each.model());
    return fields;
  }
}
