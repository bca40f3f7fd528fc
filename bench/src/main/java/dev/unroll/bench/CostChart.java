package dev.unroll.bench;

import dev.unroll.bench.contender.Case;
import dev.unroll.cli.chart.LineChart;
import dev.unroll.cli.chart.Picture;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A chart of the cost of training against the units of a layer. */
final class CostChart {

  /** A case and its number of threads: µs per token as measured, and at peak multiply-adds. */
  record Point(Case work, int threads, double micros, double bound) {}

  private CostChart() {}

  /** Draws points, which differ in their units and threads. */
  static void draw(List<Point> points, Path file) {
    var chart = new LineChart("units of the layer", "µs per token").logarithmicX().logarithmicY();
    for (int threads : points.stream().mapToInt(Point::threads).distinct().toArray()) {
      String name = threads == 1 ? "1 thread" : threads + " threads";
      var own = points.stream().filter(point -> point.threads == threads).toList();
      double[] units = own.stream().mapToDouble(point -> point.work.units()).toArray();
      chart.line(name, units, own.stream().mapToDouble(Point::micros).toArray());
      chart.line(
          name + ", only multiply-adds at peak",
          units,
          own.stream().mapToDouble(Point::bound).toArray());
    }
    new Picture(title(points), chart).write(file);
  }

  private static String title(List<Point> points) {
    Case shape = points.getFirst().work;
    double[] shares =
        points.stream().mapToDouble(point -> point.bound / point.micros).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "Training an LSTM layer (%d sequences of %d steps) reaches %.0f to %.0f%% of the peak of"
            + " multiply-adds",
        shape.batch(),
        shape.steps(),
        100 * shares[0],
        100 * shares[shares.length - 1]);
  }
}
