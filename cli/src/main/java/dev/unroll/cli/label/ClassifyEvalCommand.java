package dev.unroll.cli.label;

import dev.unroll.cli.option.OutputFile;
import dev.unroll.cli.option.TaskOptions;
import dev.unroll.cli.report.Charts;
import dev.unroll.file.InputException;
import dev.unroll.kernel.Workers;
import dev.unroll.task.label.Classifier;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unroll classify eval}: how well a model classifies texts whose labels are known. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Measures how well a model classifies: accuracy, F1, each label, confusion, calibration.",
    footer = {
      "",
      "A label that the model does not know counts as missed.",
      "Example:  unroll classify eval questions.safetensors test.tsv --plot confusion.svg",
    })
public final class ClassifyEvalCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin TaskOptions given = new TaskOptions();
  @Mixin TextColumns columns = new TextColumns();
  @Mixin ThresholdOption threshold = new ThresholdOption();

  @Option(names = "--plot", paramLabel = "FILE", description = "Draw the confusion matrix, as SVG.")
  @Nullable Path plot;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Path drawing = plot;
    if (drawing != null) {
      OutputFile.checkPlace(drawing, given.files);
    }
    Classifier classifier = threshold.of(Classifier.open(given.model));
    if (drawing != null && classifier.multiLabel()) {
      throw new InputException(
          "there is no confusion matrix where a text may have several labels", "Leave --plot out.");
    }
    var texts =
        columns.table(classifier.model().labels().source()).read(given.files, true).stream()
            .map(row -> classifier.labeled(row.text(), row.labels()))
            .toList();
    try (Workers workers = given.threads.workers()) {
      Classifier.Report report = classifier.evaluate(texts, workers);
      if (given.json) {
        ClassificationReport.printJson(out, report);
      } else {
        ClassificationReport.print(out, report);
      }
      if (drawing != null) {
        Charts.confusion(report.score(), drawing);
      }
    }
    return 0;
  }
}
