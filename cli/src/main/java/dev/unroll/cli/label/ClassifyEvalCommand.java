package dev.unroll.cli.label;

import dev.unroll.cli.command.EvalCommand;
import dev.unroll.cli.option.ModelAndFiles;
import dev.unroll.cli.option.OutputFile;
import dev.unroll.cli.report.Charts;
import dev.unroll.file.InputException;
import dev.unroll.kernel.Workers;
import dev.unroll.task.label.Classifier;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll classify eval}: how well a model classifies texts whose labels are known. */
@Command(
    name = "eval",
    description =
        "Measures how well a model classifies: accuracy, F1, each label, confusion, calibration.",
    footer = {
      "",
      "A label that the model does not know counts as missed.",
      "Example:  unroll classify eval questions.safetensors test.tsv --plot confusion.svg",
    })
final class ClassifyEvalCommand extends EvalCommand<Classifier, ClassificationReport> {

  @Mixin ModelAndFiles given = new ModelAndFiles();
  @Mixin TextColumns columns = new TextColumns();
  @Mixin ThresholdOption threshold = new ThresholdOption();

  @Option(names = "--plot", paramLabel = "FILE", description = "Draw the confusion matrix, as SVG.")
  @Nullable Path plot;

  @Override
  protected void check() {
    if (plot != null) {
      OutputFile.checkPlace(plot, given.files());
    }
  }

  @Override
  protected Classifier open() {
    Classifier classifier = threshold.of(Classifier.open(given.model()));
    if (plot != null && classifier.several()) {
      throw new InputException(
          "there is no confusion matrix where a text may have several labels", "Leave --plot out.");
    }
    return classifier;
  }

  @Override
  protected ClassificationReport measure(Classifier classifier, Workers workers) {
    var texts =
        columns.table(classifier.model().labels().source()).read(given.files(), true).stream()
            .map(row -> classifier.labelled(row.text(), row.labels()))
            .toList();
    return new ClassificationReport(classifier.evaluate(texts, workers));
  }

  @Override
  protected void finish(Classifier classifier, ClassificationReport report, Workers workers) {
    if (plot != null) {
      Charts.confusion(report.measured().score(), plot);
    }
  }
}
