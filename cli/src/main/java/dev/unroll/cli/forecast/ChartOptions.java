package dev.unroll.cli.forecast;

import dev.unroll.cli.option.OutputFile;
import dev.unroll.model.Forecaster;
import dev.unroll.text.table.SeriesTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether forecasts are drawn, and where. */
final class ChartOptions {

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw the series with its forecasts and their intervals, as SVG or PNG.")
  @Nullable Path plot;

  @Option(
      names = "--plot-target",
      paramLabel = "COLUMN",
      description = "Target to draw. Default: the first.")
  @Nullable String target;

  /** Checks that the drawing can be written, over none of the inputs. */
  void check(List<Path> inputs) {
    if (plot != null) {
      OutputFile.checkPlace(plot, inputs);
    }
  }

  /** Returns whether a drawing is asked for. */
  boolean asked() {
    return plot != null;
  }

  /** Begins a drawing; refuses a target that the model does not have, whether drawn or not. */
  ForecastChart chart(Forecaster model, SeriesTable.Read read) {
    return new ForecastChart(model, read, target);
  }

  /** Writes the drawing, with the rows from {@code from} up to {@code to}, if it is asked for. */
  void write(ForecastChart chart, int from, int to, PrintWriter err) {
    if (plot != null) {
      chart.write(from, to, plot);
      err.println("drawn: " + plot);
    }
  }
}
