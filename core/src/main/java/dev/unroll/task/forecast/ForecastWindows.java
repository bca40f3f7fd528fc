package dev.unroll.task.forecast;

import dev.unroll.base.Matrix;
import dev.unroll.batch.SignalBatch;
import dev.unroll.layer.Steps;
import dev.unroll.network.Relative;
import java.util.Arrays;
import java.util.List;

/**
 * Windows of series: each is some rows that are read and the rows after them, which are forecast.
 * Where each target is read by itself, a window is as many sequences as there are targets.
 *
 * @param forecasting what is forecast from what
 * @param season rows of a season, for targets that are relative to the one before
 * @param series numbers as they are read, row by row, in the order of the columns
 * @param origins of each window the number of its series and its first row that is forecast
 */
public record ForecastWindows(
    ForecastSpec forecasting, int season, List<double[]> series, List<Origin> origins) {

  /** Keeps the deviation of a window without any from being 0; of standardized numbers. */
  private static final double LEAST_VARIANCE = 1e-5;

  /** Floats from the least to the largest number of a context, below which they are too few. */
  private static final int FINE = 4096;

  /** Copies the lists. */
  public ForecastWindows {
    series = List.copyOf(series);
    origins = List.copyOf(origins);
  }

  /**
   * Where the horizon of a window begins.
   *
   * @param series number of the series
   * @param row its row
   */
  public record Origin(int series, int row) {}

  /**
   * What the numbers of a target are taken relative to: they are read as (number - center)/unit.
   *
   * @param exact whether the numbers are not rounded to floats before that, which would leave
   *     little of their differences
   */
  public record Scale(double center, double unit, boolean exact) {

    double rounded(double value) {
      return exact ? value : (float) value;
    }

    double relative(double value) {
      return (rounded(value) - center) / unit;
    }
  }

  /** Returns the number of sequences. */
  public int size() {
    return Math.multiplyExact(origins.size(), forecasting.sequences());
  }

  private Origin origin(int sequence) {
    return origins.get(sequence / forecasting.sequences());
  }

  /** Returns the column of the target {@code j} of a sequence. */
  public int target(int sequence, int j) {
    return forecasting.perTarget() ? sequence % forecasting.sequences() : j;
  }

  private int columns() {
    return forecasting.columns().size();
  }

  /** Returns a number of a window, as it is read; its first row that is forecast is row 0. */
  double value(int sequence, int row, int column) {
    Origin origin = origin(sequence);
    return series.get(origin.series)[(origin.row + row) * columns() + column];
  }

  /** Sets a number of a window. */
  void set(int sequence, int row, int column, double value) {
    Origin origin = origin(sequence);
    series.get(origin.series)[(origin.row + row) * columns() + column] = value;
  }

  private Scale scale(int sequence, int j) {
    int column = target(sequence, j);
    int context = forecasting.window().context();
    boolean exact = forecasting.relative() != Relative.NOTHING && isFine(sequence, column);
    var raw = new Scale(0, 1, exact);
    return switch (forecasting.relative()) {
      case NOTHING -> raw;
      case LAST -> new Scale(raw.rounded(last(sequence, column)), 1, exact);
      case WINDOW, SEASON -> {
        double mean = 0;
        int known = 0;
        for (int row = -context; row < 0; row++) {
          double value = value(sequence, row, column);
          if (!Double.isNaN(value)) {
            mean += raw.rounded(value);
            known++;
          }
        }
        mean /= Math.max(1, known);
        double squares = 0;
        for (int row = -context; row < 0; row++) {
          double value = value(sequence, row, column);
          if (!Double.isNaN(value)) {
            double difference = raw.rounded(value) - mean;
            squares += difference * difference;
          }
        }
        yield known == 0
            ? raw
            : new Scale(mean, Math.sqrt(squares / known + LEAST_VARIANCE), exact);
      }
    };
  }

  /** Returns the last number of a context that is known; 0, the mean of all, where none is. */
  private double last(int sequence, int column) {
    for (int row = -1; row >= -forecasting.window().context(); row--) {
      if (!Double.isNaN(value(sequence, row, column))) {
        return value(sequence, row, column);
      }
    }
    return 0;
  }

  /**
   * Returns what a number of the horizon is expected to be, in the units of its scale: the network
   * gives out how far it is from that.
   */
  public double expected(int sequence, int row, int j, Scale scale) {
    if (forecasting.relative() != Relative.SEASON) {
      return 0;
    }
    int column = target(sequence, j);
    int before = row - (row / season + 1) * season;
    while (before >= -forecasting.window().context()) {
      if (!Double.isNaN(value(sequence, before, column))) {
        return scale.relative(value(sequence, before, column));
      }
      before -= season;
    }
    return 0; // no season is known: the center
  }

  /** Returns whether the numbers of a context differ so little that floats hardly show it. */
  private boolean isFine(int sequence, int column) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int row = -forecasting.window().context(); row < 0; row++) {
      double value = value(sequence, row, column);
      low = value < low ? value : low;
      high = value > high ? value : high;
    }
    return high - low < FINE * Math.ulp((float) Math.max(Math.abs(low), Math.abs(high)));
  }

  /** Returns some sequences as a batch, with all of their steps. */
  public SignalBatch batch(int[] chosen) {
    return batch(chosen, 0, forecasting.steps());
  }

  /** Returns the steps from {@code from} up to {@code to} of some sequences as a batch. */
  public SignalBatch batch(int[] chosen, int from, int to) {
    var steps = Steps.equal(to - from, chosen.length);
    int inputs = forecasting.window().segment() * forecasting.rowInputs();
    inputs += forecasting.readsOn() ? 1 : 0;
    int[] tokens = new int[forecasting.perTarget() ? steps.rows() : 0];
    float[] values = new float[Math.multiplyExact(steps.rows(), inputs)];
    for (int s = 0; s < chosen.length; s++) {
      Scale[] scales = scales(chosen[s]);
      for (int t = from; t < to; t++) {
        int row = steps.row(t - from, s);
        write(chosen[s], t, scales, values, row * inputs);
        if (forecasting.perTarget()) {
          tokens[row] = target(chosen[s], 0);
        }
      }
    }
    return new SignalBatch(steps, tokens, values);
  }

  /** Returns what the targets of a sequence are taken relative to. */
  public Scale[] scales(int sequence) {
    var scales = new Scale[forecasting.together()];
    Arrays.setAll(scales, j -> scale(sequence, j));
    return scales;
  }

  /** Writes the numbers of a step. */
  private void write(int sequence, int t, Scale[] scales, float[] values, int offset) {
    var window = forecasting.window();
    int targets = forecasting.targets().size();
    int observed = forecasting.observed().size();
    int first = t * window.segment() - window.context();
    int at = offset;
    for (int row = first; row < first + window.segment(); row++) {
      boolean past = row < 0 || forecasting.recursive();
      for (int j = 0; j < scales.length; j++) {
        double value = past ? scales[j].relative(value(sequence, row, target(sequence, j))) : 0;
        at = put(value, values, at);
      }
      for (int i = 0; i < observed; i++) {
        at = put(past ? value(sequence, row, targets + i) : 0, values, at);
      }
      int ahead = forecasting.recursive() ? window.segment() : 0;
      for (int i = 0; i < forecasting.known().size(); i++) {
        at = put(value(sequence, row + ahead, targets + observed + i), values, at);
      }
    }
    if (forecasting.readsOn()) {
      values[at] = first < 0 ? 0 : 1;
    }
  }

  /** Writes a number, and whether it is missing, where numbers may be; returns the next place. */
  private int put(double value, float[] values, int at) {
    if (!forecasting.masked()) {
      values[at] = (float) value;
      return at + 1;
    }
    boolean missing = Double.isNaN(value);
    values[at] = missing ? 0 : (float) value;
    values[at + 1] = missing ? 1 : 0;
    return at + 2;
  }

  /** Returns how many numbers of the horizon of a sequence are known. */
  int known(int sequence) {
    if (!forecasting.masked()) {
      return numbers();
    }
    int known = 0;
    for (int row = 0; row < forecasting.window().horizon(); row++) {
      for (int j = 0; j < forecasting.together(); j++) {
        known += Double.isNaN(value(sequence, row, target(sequence, j))) ? 0 : 1;
      }
    }
    return known;
  }

  /** Copies the outputs of a number. */
  public static void copy(Matrix outputs, int offset, double[] z) {
    for (int i = 0; i < z.length; i++) {
      z[i] = outputs.data()[offset + i];
    }
  }

  /** Visits outputs. */
  @FunctionalInterface
  public interface Visitor {
    /** Is shown where the outputs of a number lie: of row {@code row} of the horizon, target j. */
    void visit(int row, int j, int offset);
  }

  /** Shows where the outputs of all numbers of the sequence at place {@code s} of a batch lie. */
  public void forEach(int s, Matrix outputs, Steps steps, Visitor visitor) {
    boolean perStep = forecasting.perStep();
    int rowsOut = forecasting.rowsOut();
    int together = forecasting.together();
    int parameters = forecasting.head().parameters();
    for (int row = 0; row < forecasting.window().horizon(); row++) {
      int t = forecasting.firstOutput() + row / rowsOut;
      int base = outputs.row(perStep ? steps.row(t, s) : s);
      for (int j = 0; j < together; j++) {
        visitor.visit(row, j, base + (row % rowsOut * together + j) * parameters);
      }
    }
  }

  /** Returns the number of numbers that a sequence forecasts. */
  int numbers() {
    return forecasting.window().horizon() * forecasting.together();
  }

  /** Adds the absolute errors of a sequence's point forecasts, for each share of the outputs. */
  void addErrors(int sequence, int s, Matrix outputs, Steps steps, double[] shares, double[] sums) {
    Scale[] scales = scales(sequence);
    var head = forecasting.head();
    double[] z = new double[head.parameters()];
    forEach(
        s,
        outputs,
        steps,
        (row, j, offset) -> {
          double y = scales[j].relative(value(sequence, row, target(sequence, j)));
          for (int i = 0; !Double.isNaN(y) && i < shares.length; i++) {
            copy(outputs, offset, z);
            head.shrink(z, shares[i]);
            double asked = y - expected(sequence, row, j, scales[j]);
            sums[i] += scales[j].unit * Math.abs(head.point(z) - asked);
          }
        });
  }

  /**
   * Returns the sum of the losses of a sequence, and replaces its outputs by their gradient times
   * {@code scale}.
   */
  double replaceByGradient(int sequence, int s, Matrix outputs, Steps steps, float scale) {
    Scale[] scales = scales(sequence);
    boolean perStep = forecasting.perStep();
    for (int t = 0; perStep && t < forecasting.firstOutput(); t++) {
      int at = outputs.row(steps.row(t, s));
      Arrays.fill(outputs.data(), at, at + outputs.columns(), 0); // nothing is asked of these
    }
    var head = forecasting.head();
    double[] z = new double[head.parameters()];
    double[] dz = new double[head.parameters()];
    double[] sum = {0};
    forEach(
        s,
        outputs,
        steps,
        (row, j, offset) -> {
          copy(outputs, offset, z);
          double y = scales[j].relative(value(sequence, row, target(sequence, j)));
          if (Double.isNaN(y)) {
            Arrays.fill(outputs.data(), offset, offset + z.length, 0); // nothing is known of it
            return;
          }
          double asked = y - expected(sequence, row, j, scales[j]);
          sum[0] += head.loss(z, asked, scales[j].unit, dz);
          for (int i = 0; i < z.length; i++) {
            outputs.data()[offset + i] = (float) (scale * dz[i]);
          }
        });
    return sum[0];
  }
}
