package dev.unroll.cli.label;

import dev.unroll.cli.chart.LineChart;
import dev.unroll.cli.chart.Picture;
import dev.unroll.cli.option.OutputFile;
import dev.unroll.result.Calibration;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether it is drawn how well probabilities fit, and where. */
final class CalibrationPlot {

  private static final double SMALL = 0.02;

  /** Where the numbers of answers stand, in % of right ones. */
  private static final double COUNTS = 5;

  @Option(
      names = "--plot-calibration",
      paramLabel = "FILE",
      description = "Draw accuracy against the predicted probability, as SVG or PNG.")
  @Nullable Path file;

  /** Checks that the drawing can be written, over none of the inputs. */
  void check(List<Path> inputs) {
    if (file != null) {
      OutputFile.checkPlace(file, inputs);
    }
  }

  /** Draws the calibration, if that is asked for. */
  void draw(Calibration calibration) {
    if (file != null) {
      picture(calibration).write(file);
    }
  }

  static Picture picture(Calibration calibration) {
    List<Calibration.Bin> bins =
        calibration.bins().stream().filter(bin -> bin.answers() > 0).toList();
    double[] diagonal = {0, 100};
    var chart =
        new LineChart("probability that the model gives to its answer, %", "right answers, %")
            .rangeY(0, 100)
            .reference("as often right as it says", diagonal, diagonal)
            .dotted(
                "the model; below, how many answers",
                bins.stream().mapToDouble(bin -> 100 * bin.meanProbability()).toArray(),
                bins.stream().mapToDouble(bin -> 100 * bin.share()).toArray());
    for (Calibration.Bin bin : bins) {
      chart.text(
          String.format(Locale.ROOT, "%,d", bin.answers()), 100 * bin.meanProbability(), COUNTS);
    }
    return new Picture(title(calibration, bins), chart);
  }

  private static String title(Calibration calibration, List<Calibration.Bin> bins) {
    double answers = bins.stream().mapToDouble(Calibration.Bin::answers).sum();
    double said =
        bins.stream().mapToDouble(bin -> bin.answers() * bin.meanProbability()).sum() / answers;
    double right = bins.stream().mapToDouble(bin -> bin.answers() * bin.share()).sum() / answers;
    String verdict =
        said - right > SMALL
            ? "The model is surer than it should be"
            : right - said > SMALL
                ? "The model is less sure than it could be"
                : "The model is about as sure as it should be";
    return String.format(
        Locale.ROOT,
        "%s: %.1f%% on average, %.1f%% are right; calibration error %.3f",
        verdict,
        100 * said,
        100 * right,
        calibration.expectedError());
  }
}
