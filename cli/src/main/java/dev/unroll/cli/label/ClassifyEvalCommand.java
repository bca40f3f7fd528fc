package dev.unroll.cli.label;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.command.EvalCommand;
import dev.unroll.cli.option.ModelAndFiles;
import dev.unroll.cli.option.OutputFile;
import dev.unroll.model.Classifier;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code unroll classify eval}: how well a model classifies texts whose labels are known. */
@Command(
    name = "eval",
    description =
        "Evaluates a classifier: accuracy, F1, each label, confusion matrix, calibration.",
    footer = {
      "",
      "A label that the model does not know counts as a miss.",
      "Example:  unroll classify eval questions.safetensors test.tsv --plot confusion.svg",
    })
final class ClassifyEvalCommand extends EvalCommand<Classifier, ClassificationReport> {

  @Mixin ModelAndFiles given = new ModelAndFiles();
  @Mixin LabelColumns columns = new LabelColumns();
  @Mixin ThresholdOption threshold = new ThresholdOption();

  @Mixin ConfusionPlot plot = new ConfusionPlot();
  @Mixin CalibrationPlot calibration = new CalibrationPlot();

  @Override
  protected void check() {
    plot.check(given.inputs());
    calibration.check(given.inputs());
    OutputFile.checkDistinct(
        Stream.of(plot.file, calibration.file).filter(Objects::nonNull).toList(), null);
  }

  @Override
  protected Classifier open() {
    Classifier classifier = threshold.of(Classifier.open(given.model()));
    if (plot.asked() && classifier.multiLabel()) {
      throw new InputException(
          "there is no confusion matrix where a text may have several labels", "Leave --plot out.");
    }
    return classifier;
  }

  @Override
  protected ClassificationReport measure(Classifier classifier, Workers workers) {
    var texts =
        columns
            .reading(columns.table(classifier.labelNames().source()), err())
            .rows(given.files(), true)
            .stream()
            .map(row -> classifier.labeled(row.text(), row.labels()))
            .toList();
    return new ClassificationReport(classifier.evaluate(texts, workers));
  }

  @Override
  protected void finish(Classifier classifier, ClassificationReport report, Workers workers) {
    plot.draw(report.measured().score());
    calibration.draw(report.measured().calibration());
  }
}
