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
import dev.unroll.text.Segmentation;
import dev.unroll.text.inspect.TextForm;
import dev.unroll.text.table.TextReading;
import dev.unroll.text.table.TextTable;
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
    if (order != null && (order < 1 || order > 20)) {
      throw new InputException("--order is " + order, "It must be in 1 … 20.");
    }
    PrintWriter out = out();
    Form form = given.form();
    TextReading reading = columns.reading(columns.table(Map.of()), err());
    List<TextTable.Row> rows = reading.rows(reading.table().form(), given.files());
    Segmentation cut = segmentation(rows);
    int length = order == null ? NaiveBayes.usualOrder(!cut.unit().isSmall()) : order;
    List<LabeledSequence> data = rows.stream().map(row -> row.labeled(cut::cut)).toList();
    if (folds == 0) {
      List<LabeledSequence> tests = reading.labeled(given.tests(), cut);
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

  /** What a token is where nobody says is found as {@code train} finds it. */
  private Segmentation segmentation(List<TextTable.Row> rows) {
    if (!unit.isOpen()) {
      return unit.segmentation();
    }
    TextForm.Found form = TextForm.of(rows.stream().map(TextTable.Row::text).toList()).toRead();
    err().println("found: " + form.reason());
    return new Segmentation(form.unit(), false, true);
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
