package dev.unroll.interop.export;

import dev.unroll.base.Workers;
import dev.unroll.batch.SignalBatch;
import dev.unroll.data.Series;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.layer.Steps;
import dev.unroll.model.Forecaster;
import dev.unroll.network.Regression;
import dev.unroll.result.Forecast;
import dev.unroll.task.forecast.ForecastSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/** What a forecaster says of random windows. */
final class ForecastSample {

  private static final int WINDOWS = 3;

  /** Of a series of which numbers may be missing, the share that is. */
  private static final double MISSING = 0.2;

  private final Forecaster model;
  private final ForecastSpec spec;
  private final SplittableRandom random = new SplittableRandom(5);
  private final int context;
  private final int horizon;
  private final int columns;
  private final int targets;

  ForecastSample(Forecaster model) {
    this.model = model;
    spec = model.forecasting();
    context = spec.window().context();
    horizon = spec.window().horizon();
    columns = spec.columns().size();
    targets = spec.targets().size();
  }

  /** Returns the sample of the whole model. */
  Exported.Sample whole() {
    int known = spec.known().size();
    int levels = spec.head() instanceof Regression.Quantiles own ? own.levels().size() : 0;
    boolean deviates = spec.head() instanceof Regression.Gaussian && !spec.recursive();
    double[] past = new double[WINDOWS * context * columns];
    double[] future = new double[WINDOWS * horizon * known];
    double[] points = new double[WINDOWS * horizon * targets];
    double[] deviations = new double[points.length];
    double[] quantiles = new double[points.length * levels];
    for (int w = 0; w < WINDOWS; w++) {
      double[][] rows = window(w);
      for (int row = 0; row < context; row++) {
        System.arraycopy(rows[row], 0, past, (w * context + row) * columns, columns);
      }
      for (int row = 0; row < horizon; row++) {
        int to = (w * horizon + row) * known;
        System.arraycopy(rows[context + row], columns - known, future, to, known);
      }
      List<Double> wanted =
          levels > 0 ? model.usualLevels() : deviates ? List.of(0.25, 0.75) : List.of();
      read(forecast(rows, wanted), w, points, deviations, quantiles);
    }
    var inputs = new HashMap<String, Tensor>();
    if (context > 0) {
      inputs.put("past", Tensor.of(past, WINDOWS, context, columns));
    }
    if (known > 0) {
      inputs.put("future", Tensor.of(future, WINDOWS, horizon, known));
    }
    var expected = new HashMap<String, Tensor>();
    expected.put("point", Tensor.of(points, WINDOWS, horizon, targets));
    if (deviates) {
      expected.put("deviation", Tensor.of(deviations, WINDOWS, horizon, targets));
    }
    if (levels > 0) {
      expected.put("quantiles", Tensor.of(quantiles, WINDOWS, horizon, targets, levels));
    }
    return new Exported.Sample(List.of(new Exported.Call(0, inputs, expected)));
  }

  /** Of one window the numbers differ so little that floats hardly show it. */
  private double[][] window(int number) {
    double spread = number == 1 ? 1e-6 : 1;
    double[][] rows = new double[context + horizon][columns];
    for (int row = 0; row < rows.length; row++) {
      for (int column = 0; column < columns; column++) {
        double value = 0.5 + spread * (2 * random.nextDouble() - 1);
        boolean given = row < context || column >= spec.past().size();
        boolean missing = spec.masked() && random.nextDouble() < MISSING;
        rows[row][column] =
            given && !missing ? model.scaling().restored(value, column) : Double.NaN;
      }
    }
    return rows;
  }

  private Forecast forecast(double[][] rows, List<Double> levels) {
    double[][] all = spec.known().isEmpty() ? Arrays.copyOf(rows, context) : rows;
    var series = Series.Timed.of(new Series("sample", spec.columns(), all));
    return model.forecast(series, List.of(context), levels, Workers.single()).getFirst();
  }

  private void read(
      Forecast forecast, int w, double[] points, double[] deviations, double[] quantiles) {
    double width = 2 * 0.6744897501960817; // of the middle half of a normal distribution
    for (int row = 0; row < horizon; row++) {
      for (int j = 0; j < targets; j++) {
        var value =
            Objects.requireNonNull(forecast.rows().get(row).values().get(spec.targets().get(j)));
        int at = (w * horizon + row) * targets + j;
        points[at] = value.point();
        double[] own =
            value.quantiles().values().stream().mapToDouble(Double::doubleValue).toArray();
        if (quantiles.length > 0) {
          System.arraycopy(own, 0, quantiles, at * own.length, own.length);
        } else if (own.length > 0) {
          deviations[at] = (own[1] - own[0]) / width;
        }
      }
    }
  }

  /** Returns the sample of only the network. */
  Exported.Sample streaming() {
    var shape = Ragged.of(true);
    Steps steps = shape.steps();
    var network = model.network();
    int inputs = network.description().inputs();
    int outputs = network.description().outputs();
    float[] numbers = Ragged.numbers(random, steps.rows() * inputs);
    int[] tokens = new int[spec.perTarget() ? steps.rows() : 0];
    Arrays.setAll(tokens, row -> steps.sequence(row) % targets);
    var weights = network.pack(model.parameters(), model.precision(), Workers.single());
    var batch = new SignalBatch(steps, tokens, numbers);
    var space = network.newBuffers(false);
    float[] z = network.outputs(weights, batch, space, Workers.single()).copyOfElements();
    double[] wide = new double[numbers.length];
    Arrays.setAll(wide, i -> numbers[i]);
    double[] padded = shape.numbers(wide, inputs, 0);
    float[] values = new float[padded.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) padded[i];
    }
    var given = new HashMap<String, Tensor>();
    given.put("inputs", Tensor.of(values, steps.batch(), steps.length(), inputs));
    if (spec.perTarget()) {
      given.put("tokens", shape.tokens(tokens));
    }
    Tensor expected =
        spec.perStep() ? shape.rows(z, outputs) : Tensor.of(z, steps.batch(), outputs);
    return shape.sample(given, Map.of("outputs", expected), Map.of());
  }
}
