package dev.unroll.cli.label;

import dev.unroll.cli.option.OutputFile;
import dev.unroll.result.LabelScore;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether the confusion of labels is drawn, and where. */
final class ConfusionPlot {

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw the confusion matrix, as SVG or PNG.")
  @Nullable Path file;

  /** Returns whether a drawing is asked for. */
  boolean asked() {
    return file != null;
  }

  /** Checks that the drawing can be written, over none of the inputs. */
  void check(List<Path> inputs) {
    if (file != null) {
      OutputFile.checkPlace(file, inputs);
    }
  }

  /** Draws the confusion, if that is asked for. */
  void draw(LabelScore score) {
    if (file != null) {
      new ConfusionChart(score).picture().write(file);
    }
  }
}
