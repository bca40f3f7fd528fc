package dev.unroll.cli.recognize;

import dev.unroll.base.Workers;
import dev.unroll.cli.command.EvalCommand;
import dev.unroll.cli.option.ModelAndFiles;
import dev.unroll.cli.option.PairColumns;
import dev.unroll.cli.report.Report;
import dev.unroll.data.Pair;
import dev.unroll.measure.ErrorRates;
import dev.unroll.model.Recognizer;
import dev.unroll.text.table.PairTable;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code unroll recognize eval}: how well sequences are labeled. */
@Command(
    name = "eval",
    description =
        "Labels each sequence and measures it: exact match, label and character error rate.",
    footer = {
      "",
      "Error rates are edits in all of the file, as a share of the labels or characters wanted.",
      "Example:  unroll recognize eval morse.safetensors valid.tsv",
    })
final class RecognizeEvalCommand extends EvalCommand<Recognizer, RecognizeEvalCommand.Measured> {

  @Mixin ModelAndFiles given = new ModelAndFiles();
  @Mixin PairColumns columns = new PairColumns();
  @Mixin RecognitionOptions search = new RecognitionOptions();

  /** How well sequences were labeled. */
  record Measured(ErrorRates errors) implements Report {

    @Override
    public void print(PrintWriter out) {
      out.println(String.format(Locale.ROOT, "%,d pairs", errors.texts()));
      print(out, "exact match", errors.exactMatch());
      print(out, "label error rate", errors.tokenRate());
      print(out, "character error rate", errors.characterRate());
    }

    private static void print(PrintWriter out, String name, double share) {
      out.println(String.format(Locale.ROOT, "%-20s  %6.2f%%", name, 100 * share));
    }

    @Override
    public Map<String, Object> fields() {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("pairs", errors.texts());
      fields.put("exactMatch", errors.exactMatch());
      fields.put("labelErrorRate", errors.tokenRate());
      fields.put("characterErrorRate", errors.characterRate());
      return fields;
    }
  }

  @Override
  protected Recognizer open() {
    return Recognizer.open(given.model());
  }

  @Override
  protected Measured measure(Recognizer recognizer, Workers workers) {
    List<PairTable.Line> lines = columns.table(recognizer.provenance()).lines(given.files());
    lines.forEach(line -> line.check(pair -> recognizer.source().check(pair.source())));
    List<Pair> pairs = lines.stream().map(PairTable.Line::pair).toList();
    List<String> sources = pairs.stream().map(Pair::source).toList();
    List<String> found =
        recognizer.recognize(sources, search.search(), workers).stream()
            .map(each -> each.getFirst().text())
            .toList();
    var wanted = pairs.stream().map(pair -> List.of(pair.target())).toList();
    return new Measured(ErrorRates.of(found, wanted, recognizer.target()::cut));
  }
}
