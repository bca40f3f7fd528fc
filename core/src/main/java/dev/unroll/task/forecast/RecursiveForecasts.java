package dev.unroll.task.forecast;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.network.Regression;
import dev.unroll.result.Forecast;
import dev.unroll.stack.SignalNetwork;
import dev.unroll.task.Pool;
import dev.unroll.task.forecast.ForecastWindows.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Forecasts of networks that read in turn what they forecast. */
public final class RecursiveForecasts {

  /** Paths that are drawn where a distribution is forecast. */
  private static final int PATHS = 200;

  private final ForecasterFields content;
  private final SignalNetwork network;
  private final SignalNetwork.Weights weights;
  private final Pool<SignalNetwork.Buffers> buffers;

  /** Prepares to forecast with the network of {@code content}, whose weights are packed. */
  public RecursiveForecasts(
      ForecasterFields content,
      SignalNetwork.Weights weights,
      Pool<SignalNetwork.Buffers> buffers) {
    this.content = content;
    this.weights = weights;
    this.buffers = buffers;
    network = content.network();
  }

  /**
   * Each window has a copy of its rows, into which its forecasts are written and read in turn;
   * where quantiles are wanted, {@link #PATHS} more, whose forecasts are drawn.
   */
  public List<Forecast.Computed> of(
      double[] values, int[] origins, List<Double> levels, Workers workers) {
    var found = new ArrayList<Forecast.Computed>();
    int paths = levels.isEmpty() ? 1 : 1 + PATHS;
    int together = levels.isEmpty() ? origins.length : 1;
    for (int from = 0; from < origins.length; from += together) {
      int[] some = Arrays.copyOfRange(origins, from, from + together);
      ForecastWindows windows = copies(values, some, paths);
      long rows = (long) windows.size() * content.forecasting().window().rows();
      buffers.run(rows, space -> run(windows, some, paths, space, workers));
      for (int origin = 0; origin < some.length; origin++) {
        found.add(summary(windows, origin * paths, paths, levels));
      }
    }
    return found;
  }

  private ForecastWindows copies(double[] values, int[] origins, int paths) {
    ForecastSpec forecasting = content.forecasting();
    int columns = forecasting.columns().size();
    int context = forecasting.window().context();
    var copies = new ArrayList<double[]>();
    var places = new ArrayList<Origin>();
    for (int origin : origins) {
      for (int path = 0; path < paths; path++) {
        int first = (origin - context) * columns;
        int end = Math.min(values.length, first + forecasting.window().rows() * columns);
        double[] copy = Arrays.copyOfRange(values, first, end);
        places.add(new Origin(copies.size(), context));
        copies.add(Arrays.copyOf(copy, forecasting.window().rows() * columns));
      }
    }
    return new ForecastWindows(forecasting, content.season(), copies, places);
  }

  private void run(
      ForecastWindows windows,
      int[] origins,
      int paths,
      SignalNetwork.Buffers space,
      Workers workers) {
    ForecastSpec forecasting = content.forecasting();
    int[] all = IntStream.range(0, windows.size()).toArray();
    int segment = forecasting.window().segment();
    var state = network.startState(weights, all.length);
    int begin = 0;
    for (int row = 0; row < forecasting.window().horizon(); row += segment) {
      int end = forecasting.firstOutput() + row / segment + 1;
      var batch = windows.batch(all, begin, end);
      Matrix outputs = network.outputs(weights, batch, state, space, workers);
      state = network.endState(space);
      for (int s = 0; s < all.length; s++) {
        int path = s / forecasting.sequences() % paths;
        int origin = origins[s / forecasting.sequences() / paths];
        var random =
            path == 0
                ? null
                : CounterRandom.of(1, CounterRandom.Purpose.SAMPLING, origin).part(path);
        int base = outputs.row(batch.steps().row(end - begin - 1, s));
        write(windows, s, row, outputs, base, random);
      }
      begin = end;
    }
  }

  /** Writes what a step gives out to the rows that the next one reads. */
  private void write(
      ForecastWindows windows,
      int s,
      int first,
      Matrix outputs,
      int base,
      @Nullable CounterRandom random) {
    ForecastSpec forecasting = content.forecasting();
    Regression head = forecasting.head();
    double[] z = new double[head.parameters()];
    var scales = windows.scales(s);
    for (int i = 0; i < forecasting.window().segment(); i++) {
      for (int j = 0; j < forecasting.together(); j++) {
        ForecastWindows.copy(outputs, base + (i * forecasting.together() + j) * z.length, z);
        int target = windows.target(s, j);
        double value = head.point(z);
        if (random != null) {
          long index = (long) (first + i) * forecasting.targets().size() + target;
          value += Regression.Gaussian.deviation(z) * random.gaussian(index);
        }
        var scale = scales[j];
        value += windows.expected(s, first + i, j, scale);
        windows.set(s, first + i, target, scale.rounded(scale.center() + scale.unit() * value));
      }
    }
  }

  private Forecast.Computed summary(
      ForecastWindows windows, int first, int paths, List<Double> levels) {
    ForecastSpec forecasting = content.forecasting();
    var forecast = content.emptyForecast(levels);
    double[] drawn = new double[paths - 1];
    for (int row = 0; row < forecasting.window().horizon(); row++) {
      for (int target = 0; target < forecasting.targets().size(); target++) {
        int s = first * forecasting.sequences();
        forecast.points()[row][target] =
            content.scaling().restored(windows.value(s, row, target), target);
        for (int path = 1; path < paths; path++) {
          int other = (first + path) * forecasting.sequences();
          drawn[path - 1] = windows.value(other, row, target);
        }
        Arrays.sort(drawn);
        for (int i = 0; i < levels.size(); i++) {
          forecast.quantiles()[i][row][target] =
              content.scaling().restored(quantile(drawn, levels.get(i)), target);
        }
      }
    }
    return forecast;
  }

  /** Returns a quantile of sorted numbers, between two of them by a straight line. */
  private static double quantile(double[] sorted, double level) {
    double place = level * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
