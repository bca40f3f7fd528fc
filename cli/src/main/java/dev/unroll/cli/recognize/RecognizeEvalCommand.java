package dev.unroll.cli.recognize;

import dev.unroll.cli.option.PairColumns;
import dev.unroll.cli.option.TaskOptions;
import dev.unroll.cli.report.JsonLine;
import dev.unroll.data.Pair;
import dev.unroll.kernel.Workers;
import dev.unroll.measure.ErrorRates;
import dev.unroll.task.recognize.Recognizer;
import dev.unroll.text.table.PairTable;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code unroll recognize eval}: how well sequences are labelled. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Labels each sequence and measures it: exact match, label and character error rate.",
    footer = {
      "",
      "Error rates are edits in all of the file, as a share of the labels or characters wanted.",
      "Example:  unroll recognize eval morse.safetensors valid.tsv",
    })
public final class RecognizeEvalCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin TaskOptions given = new TaskOptions();
  @Mixin PairColumns columns = new PairColumns();
  @Mixin RecognitionOptions search = new RecognitionOptions();

  @Override
  public Integer call() {
    Recognizer recognizer = Recognizer.open(given.model);
    List<PairTable.Line> lines = columns.table(recognizer.provenance()).lines(given.files);
    lines.forEach(line -> line.check(pair -> recognizer.source().check(pair.source())));
    List<Pair> pairs = lines.stream().map(PairTable.Line::pair).toList();
    List<String> found;
    try (Workers workers = given.threads.workers()) {
      var sources = pairs.stream().map(Pair::source).toList();
      found =
          recognizer.recognize(sources, search.search(), workers).stream()
              .map(each -> each.getFirst().text())
              .toList();
    }
    var wanted = pairs.stream().map(pair -> List.of(pair.target())).toList();
    var errors = ErrorRates.of(found, wanted, recognizer.target()::cut);
    PrintWriter out = spec.commandLine().getOut();
    if (given.json) {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("pairs", pairs.size());
      fields.put("exactMatch", errors.exactMatch());
      fields.put("labelErrorRate", errors.tokenRate());
      fields.put("characterErrorRate", errors.characterRate());
      JsonLine.print(out, fields);
    } else {
      out.println(String.format(Locale.ROOT, "%,d pairs", pairs.size()));
      out.println(
          String.format(Locale.ROOT, "exact match           %7.3f%%", 100 * errors.exactMatch()));
      out.println(
          String.format(Locale.ROOT, "label error rate      %7.3f%%", 100 * errors.tokenRate()));
      out.println(
          String.format(
              Locale.ROOT, "character error rate  %7.3f%%", 100 * errors.characterRate()));
    }
    return 0;
  }
}
