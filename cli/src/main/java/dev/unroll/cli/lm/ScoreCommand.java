package dev.unroll.cli.lm;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.EncodingOption;
import dev.unroll.cli.option.FolderOption;
import dev.unroll.cli.option.JsonOption;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.report.Answers;
import dev.unroll.cli.report.CsvRows;
import dev.unroll.cli.report.Form;
import dev.unroll.cli.report.JsonLine;
import dev.unroll.data.Tokenizer;
import dev.unroll.model.TokenModel;
import dev.unroll.result.SentenceScore;
import dev.unroll.text.Lines;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll lm score}: the log-probability of each line. */
@Command(
    name = "score",
    description = "Prints the log-probability of each line of text, <EOS> included.",
    footer = {
      "",
      "Each output line has the total log-probability, log-probability per token, number of tokens and",
      "text, separated by tabs. With --per-token, one line per token: token, log-probability, rank (- for",
      "mixtures). The log-probability of an impossible text is -Infinity, in JSON null.",
      "With --nbest, one line per list: name, total score, the best text, its log-probability.",
      "Example:  printf 'it was read\\nit was red\\n' | unroll lm score my.safetensors -",
    })
final class ScoreCommand extends UnrollCommand {

  /** Lines of a file that are scored together. */
  private static final int LINES = 4096;

  /** Characters after which no further line is added to them. */
  private static final long MOST_CHARACTERS = 1_000_000;

  @Mixin TokenModelOptions model = new TokenModelOptions();

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description = "Text, one sentence per line; - reads standard input and answers line by line.")
  List<Path> files = List.of();

  @Option(
      names = "--base",
      paramLabel = "B",
      defaultValue = "e",
      description = "Base of the logarithms: e or 10. Default: ${DEFAULT-VALUE}.")
  String base = "e";

  @Option(names = "--per-token", description = "Show each token, its log-probability and its rank.")
  boolean perToken;

  @Option(
      names = "--pairs",
      description =
          "Score pairs of sentences: each line has two, the preferred one first, and"
              + " optionally a category, separated by tabs. Prints how often the first sentence"
              + " wins.")
  boolean pairs;

  @Option(
      names = "--without-unknown",
      description = "Leave out pairs with unknown words, which the model cannot tell apart.")
  boolean withoutUnknown;

  @Option(
      names = "--spell-unknown",
      description =
          "Score unknown words in pairs by their letters, as if they were spelled like the"
              + " words of the vocabulary.")
  boolean spellUnknown;

  @Mixin NbestOptions nbest = new NbestOptions();

  @Mixin FolderOption folders = new FolderOption();

  @Mixin JsonOption json = new JsonOption();
  @Mixin EncodingOption encoding = new EncodingOption();

  @Mixin ThreadOption threads = new ThreadOption();

  private final CsvRows table = new CsvRows();

  @Override
  public Integer call() throws IOException {
    double unit = unit();
    check();
    TokenModel opened = model.open();
    try (Workers workers = threads.workers()) {
      if (pairs) {
        PairsReport.of(opened, files, unknown(), workers).print(out(), json.form());
        return 0;
      }
      if (nbest.nbest) {
        var screen = new NbestOptions.Screen(out(), err(), new Answers(json.form()));
        nbest.run(opened, files, workers, screen);
        return 0;
      }
      for (Path file : folders.files(files)) {
        boolean interactive = Lines.isStandardInput(file);
        score(file, interactive ? 1 : LINES, opened, unit, workers);
      }
    }
    return 0;
  }

  /** An option that would do nothing is refused. */
  private void check() {
    nbest.check();
    if ((pairs || nbest.nbest) && (perToken || !base.equals("e"))) {
      throw new InputException(
          "--per-token and --base do nothing here", "They belong to plain lines of text.");
    }
    if (!pairs && (withoutUnknown || spellUnknown)) {
      throw new InputException(
          (withoutUnknown ? "--without-unknown" : "--spell-unknown") + " does nothing here",
          "It belongs to --pairs.");
    }
    if (withoutUnknown && spellUnknown) {
      throw new InputException(
          "--without-unknown cannot be combined with --spell-unknown", "Choose one.");
    }
    if (pairs && nbest.nbest) {
      throw new InputException("--pairs cannot be combined with --nbest", "Choose one.");
    }
  }

  private PairsReport.Unknown unknown() {
    return withoutUnknown
        ? PairsReport.Unknown.LEFT_OUT
        : spellUnknown ? PairsReport.Unknown.SPELLED : PairsReport.Unknown.COUNTED;
  }

  private double unit() {
    return switch (base) {
      case "e" -> 1;
      case "10" -> StrictMath.log(10);
      default -> throw new InputException("--base is " + base, "It must be e or 10.");
    };
  }

  private void score(Path file, int together, TokenModel opened, double unit, Workers workers)
      throws IOException {
    try (var lines = encoding.reading(opened, () -> Lines.open(file))) {
      for (var some = next(lines, together); !some.isEmpty(); some = next(lines, together)) {
        var scores = perToken ? opened.scoreWithRanks(some, workers) : opened.score(some, workers);
        print(some, scores, opened.tokenizer(), unit);
      }
    }
  }

  private static List<String> next(Lines lines, int most) {
    var some = new ArrayList<String>();
    long characters = 0;
    while (some.size() < most && characters < MOST_CHARACTERS) {
      String line = lines.next();
      if (line == null) {
        break;
      }
      some.add(line);
      characters += line.length();
    }
    return some;
  }

  private void print(
      List<String> lines, List<SentenceScore> scores, Tokenizer tokenizer, double unit) {
    PrintWriter out = out();
    for (int i = 0; i < lines.size(); i++) {
      SentenceScore score = scores.get(i);
      if (json.form() == Form.JSON) {
        JsonLine.print(out, fields(lines.get(i), score, tokenizer, unit));
      } else if (json.form() == Form.CSV) {
        rows(lines.get(i), score, tokenizer, unit).forEach(row -> table.print(out, row));
      } else {
        double total = score.total() / unit;
        int tokens = score.ids().size();
        out.println(
            String.format(Locale.ROOT, "%.4f\t%.4f\t%d\t", total, total / tokens, tokens)
                + lines.get(i));
        for (int t = 0; perToken && t < tokens; t++) {
          out.println(
              String.format(
                  Locale.ROOT,
                  "\t%s\t%.4f\t%s",
                  tokenizer.token(score.ids().get(t)),
                  score.logProbabilities().get(t) / unit,
                  score.ranks().get(t) == 0 ? "-" : score.ranks().get(t)));
        }
      }
    }
    out.flush();
  }

  private Map<String, Object> fields(
      String line, SentenceScore score, Tokenizer tokenizer, double unit) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("text", line);
    fields.put("logProbability", score.total() / unit);
    fields.put("logProbabilityPerToken", score.total() / unit / score.ids().size());
    fields.put("tokens", score.ids().size());
    fields.put("unknown", score.count(tokenizer.unknown()));
    if (score.impossible() > 0) {
      fields.put("impossible", score.impossible());
    }
    fields.put("perplexity", score.perplexity());
    if (perToken) {
      fields.put("perToken", tokens(score, tokenizer, unit));
    }
    return fields;
  }

  private static List<Map<String, Object>> tokens(
      SentenceScore score, Tokenizer tokenizer, double unit) {
    var parts = new ArrayList<Map<String, Object>>();
    for (int t = 0; t < score.ids().size(); t++) {
      var part = new LinkedHashMap<String, Object>();
      part.put("token", tokenizer.token(score.ids().get(t)));
      part.put("logProbability", score.logProbabilities().get(t) / unit);
      part.put("rank", score.ranks().get(t) == 0 ? null : score.ranks().get(t));
      parts.add(part);
    }
    return parts;
  }

  /** Returns the rows of a table: a line, or each of its tokens, as lines are not equally long. */
  private List<Map<String, Object>> rows(
      String line, SentenceScore score, Tokenizer tokenizer, double unit) {
    if (!perToken) {
      Map<String, Object> fields = fields(line, score, tokenizer, unit);
      fields.put("impossible", score.impossible()); // a column of all rows
      return List.of(fields);
    }
    var rows = new ArrayList<Map<String, Object>>();
    for (Map<String, Object> token : tokens(score, tokenizer, unit)) {
      var row = new LinkedHashMap<String, Object>();
      row.put("text", line);
      row.putAll(token);
      rows.add(row);
    }
    return rows;
  }
}
