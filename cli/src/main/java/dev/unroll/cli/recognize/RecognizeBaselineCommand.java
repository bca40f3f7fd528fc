package dev.unroll.cli.recognize;

import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.BaselineOptions;
import dev.unroll.cli.option.PairColumns;
import dev.unroll.data.Pair;
import dev.unroll.measure.TextErrors;
import dev.unroll.task.recognize.RecognizeVerdict;
import dev.unroll.text.Segmentation;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll recognize baseline}: how good what a network has to beat is. */
@Command(
    name = "baseline",
    description =
        "Evaluates the most frequent target for every source, which any network has to beat.",
    footer = {
      "",
      "Example:  unroll recognize baseline train.tsv --test valid.tsv",
    })
final class RecognizeBaselineCommand extends UnrollCommand {

  @Mixin BaselineOptions given = new BaselineOptions();

  @Option(
      names = "--target-unit",
      paramLabel = "UNIT",
      defaultValue = "characters",
      description = "What a token of a target is, as in training. Default: ${DEFAULT-VALUE}.")
  String targetUnit = "characters";

  @Mixin PairColumns columns = new PairColumns();

  @Override
  public Integer call() {
    given.checkTests();
    var table = columns.table();
    var target = Segmentation.of(Segmentation.Unit.of(targetUnit));
    String answer = RecognizeVerdict.mostFrequent(table.read(given.files()));
    List<List<String>> wanted =
        table.read(given.tests()).stream().map(Pair::target).map(List::of).toList();
    List<String> found = Collections.nCopies(wanted.size(), answer);
    var report = new RecognitionReport(TextErrors.of(found, wanted, target::cut));
    report.print(out(), given.form());
    return 0;
  }
}
