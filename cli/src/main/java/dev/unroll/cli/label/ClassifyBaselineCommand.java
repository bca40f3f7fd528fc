package dev.unroll.cli.label;

import dev.unroll.base.InputException;
import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.cli.option.BaselineOptions;
import dev.unroll.cli.option.UnitOptions;
import dev.unroll.cli.report.CsvRows;
import dev.unroll.cli.report.FoldTable;
import dev.unroll.cli.report.Form;
import dev.unroll.cli.report.JsonLine;
import dev.unroll.data.LabeledSequence;
import dev.unroll.result.LabelScore;
import dev.unroll.task.label.NaiveBayes;
import dev.unroll.text.table.TextReading;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll classify baseline}: what counting reaches. */
@Command(
    name = "baseline",
    description =
        "Evaluates naive Bayes on n-grams of tokens, the baseline that a network has to beat.",
    footer = {
      "",
      "Examples:",
      "  unroll classify baseline names.train.tsv --test names.valid.tsv --unit characters",
      "  unroll classify baseline questions.tsv --cross-validate 10",
    })
final class ClassifyBaselineCommand extends UnrollCommand {

  @Mixin BaselineOptions given = new BaselineOptions();

  @Option(
      names = "--cross-validate",
      paramLabel = "K",
      defaultValue = "0",
      description = "Evaluate on each Kth of the data after training on the rest.")
  int folds;

  @Option(
      names = "--order",
      paramLabel = "N",
      description = "Length of the longest n-grams. Default: 2; 3 for characters and bytes.")
  @Nullable Integer order;

  @Mixin LabelColumns columns = new LabelColumns();
  @Mixin UnitOptions unit = new UnitOptions();

  @Override
  public Integer call() {
    if (given.tests().isEmpty() == (folds == 0)) {
      throw new InputException(
          given.tests().isEmpty()
              ? "there is nothing to measure on"
              : "--test and --cross-validate are given",
          "Give one of them: --test FILE or --cross-validate K.");
    }
    boolean words = !unit.segmentation().unit().isSmall();
    int length = order == null ? NaiveBayes.usualOrder(words) : order;
    if (length < 1 || length > 20) {
      throw new InputException("--order is " + length, "It must be in 1 … 20.");
    }
    PrintWriter out = out();
    Form form = given.form();
    TextReading reading = columns.reading(columns.table(Map.of()), err());
    List<LabeledSequence> data = reading.labeled(given.files(), unit.segmentation());
    if (folds == 0) {
      List<LabeledSequence> tests = reading.labeled(given.tests(), unit.segmentation());
      new LabelReport(score(data, length, tests, several(reading))).print(out, given.form());
      return 0;
    }
    if (folds < 2 || folds > data.size()) {
      throw new InputException(
          "--cross-validate is " + folds, "It must be in 2 … %,d.".formatted(data.size()));
    }
    var table = new FoldTable(form == Form.TEXT ? out : new PrintWriter(Writer.nullWriter()));
    for (int fold = 0; fold < folds; fold++) {
      List<LabeledSequence> training = LabeledSequence.fold(data, fold, folds, false);
      List<LabeledSequence> tests = LabeledSequence.fold(data, fold, folds, true);
      LabelScore score = score(training, length, tests, several(reading));
      table.add(ClassificationReport.measures(score, several(reading)), "");
    }
    switch (form) {
      case TEXT -> table.printMean();
      case CSV -> CsvRows.printMeasures(out, table.fields());
      case JSON -> JsonLine.print(out, table.fields());
    }
    return 0;
  }

  /** Whether files show that texts have several labels. */
  private static boolean several(TextReading reading) {
    return reading.table().separator() != null;
  }

  private static LabelScore score(
      List<LabeledSequence> training, int order, List<LabeledSequence> tests, boolean several) {
    return several
        ? NaiveBayes.evaluateEach(training, order, tests)
        : new NaiveBayes(training, order).evaluate(tests);
  }
}
