package dev.unroll.cli.recognize;

import dev.unroll.base.Workers;
import dev.unroll.cli.command.EvalCommand;
import dev.unroll.cli.option.ModelAndFiles;
import dev.unroll.cli.option.PairColumns;
import dev.unroll.data.Pair;
import dev.unroll.model.Recognizer;
import dev.unroll.text.table.PairTable;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code unroll recognize eval}: how well sequences are labeled. */
@Command(
    name = "eval",
    description =
        "Evaluates a recognizer: exact matches, label error rate and character error rate.",
    footer = {
      "",
      "Error rates are edits over the whole file, divided by the labels or characters of the targets.",
      "Example:  unroll recognize eval morse.safetensors valid.tsv",
    })
final class RecognizeEvalCommand extends EvalCommand<Recognizer, RecognitionReport> {

  @Mixin ModelAndFiles given = new ModelAndFiles();
  @Mixin PairColumns columns = new PairColumns();
  @Mixin RecognitionOptions search = new RecognitionOptions();

  @Override
  protected Recognizer open() {
    return Recognizer.open(given.model());
  }

  @Override
  protected RecognitionReport measure(Recognizer recognizer, Workers workers) {
    List<PairTable.Line> lines = columns.table(recognizer.provenance()).lines(given.files());
    lines.forEach(line -> line.check(pair -> recognizer.source().check(pair.source())));
    List<Pair> pairs = lines.stream().map(PairTable.Line::pair).toList();
    return new RecognitionReport(recognizer.evaluate(pairs, search.search(), workers));
  }
}
