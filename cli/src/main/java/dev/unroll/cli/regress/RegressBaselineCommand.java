package dev.unroll.cli.regress;

import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.BaselineOptions;
import dev.unroll.cli.option.SourceUnits;
import dev.unroll.data.SourceReader;
import dev.unroll.file.Provenance;
import dev.unroll.measure.RegressionScore;
import dev.unroll.task.regress.LinearBaseline;
import dev.unroll.task.regress.Regressor;
import dev.unroll.task.regress.RegressorRun.Example;
import dev.unroll.text.table.TextReading;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code unroll regress baseline}: what a linear model reaches. */
@NullMarked
@Command(
    name = "baseline",
    description =
        "Measures linear (ridge) regression on n-grams, or on what numbers come to, which a network has to beat.",
    footer = {
      "",
      "n-grams are words and pairs of words, or up to 4 characters; of numbers mean, first, last, least and",
      "largest of each column are read.",
      "Example:  unroll regress baseline reviews.csv --value stars --test more.csv",
    })
final class RegressBaselineCommand extends UnrollCommand {

  @Mixin BaselineOptions given = new BaselineOptions();
  @Mixin RegressCommands.Columns columns = new RegressCommands.Columns();
  @Mixin SourceUnits units = new SourceUnits("words");

  @Override
  public Integer call() {
    given.checkTests();
    TextReading reading = columns.reading(columns.table(Provenance.NONE), err());
    List<Example> training = RegressCommands.Columns.examples(reading, given.files(), text -> {});
    var sources = training.stream().map(Example::source).toList();
    SourceReader source =
        units.numbers()
            ? SourceReader.ofNumbers(sources)
            : SourceReader.ofText(units.tokens(null).tokenizer(null, sources));
    List<Example> tests = RegressCommands.Columns.examples(reading, given.tests(), source::check);
    var linear = new LinearBaseline(training, source);
    double[] right = tests.stream().mapToDouble(Example::value).toArray();
    double[] mean = new double[right.length];
    Arrays.fill(mean, training.stream().mapToDouble(Example::value).average().orElse(0));
    double[] found = tests.stream().mapToDouble(linear::predict).toArray();
    var report =
        new Regressor.Report(RegressionScore.of(right, found), RegressionScore.of(right, mean));
    new RegressCommands.Measured("linear", report).print(out(), given.json());
    return 0;
  }
}
