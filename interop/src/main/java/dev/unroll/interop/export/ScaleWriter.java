package dev.unroll.interop.export;

import dev.unroll.network.Relative;
import dev.unroll.task.forecast.ForecastSpec;
import java.util.ArrayList;
import java.util.Arrays;

/**
 * Writes what the targets of a window are taken relative to: numbers are read as (number - center)
 * / unit, in doubles, of numbers that were rounded to floats unless these lie too far apart to show
 * the differences of a context. Of each window and target, [batch][1][targets].
 */
final class ScaleWriter {

  private static final double LEAST_VARIANCE = 1e-5;
  private static final double FINE = 4096;

  private final GraphWriter g;
  private final boolean masked;
  private final Relative relative;

  /** The targets of the context, [batch][context][targets]. */
  private final String history;

  private final int context;
  private final String center;
  private final String unit;

  /** Whether numbers are not rounded. */
  private final String exact;

  ScaleWriter(GraphWriter g, ForecastSpec spec, String history) {
    this.g = g;
    this.history = history;
    masked = spec.masked();
    relative = spec.relative();
    context = spec.window().context();
    exact = relative == Relative.NOTHING ? g.number(Type.BOOL, 0) : isFine();
    Affine own = affine();
    center = own.center;
    unit = own.unit;
  }

  private record Affine(String center, String unit) {}

  private Affine affine() {
    String zero = g.number(Type.DOUBLE, 0);
    String one = g.number(Type.DOUBLE, 1);
    return switch (relative) {
      case NOTHING -> new Affine(zero, one);
      case LAST -> {
        String last = masked ? lastKnown(history, context) : g.slice(history, 1, -1, context);
        yield new Affine(rounded(g, last), one);
      }
      case WINDOW, SEASON -> {
        String mean = g.divide(sum(known(g, rounded(g, history), 0)), count());
        String difference = g.subtract(rounded(g, history), mean);
        String squares = sum(known(g, g.multiply(difference, difference), 0));
        String variance = g.add(g.divide(squares, count()), g.number(Type.DOUBLE, LEAST_VARIANCE));
        String deviation = g.op("Sqrt", variance);
        yield new Affine(mean, masked ? g.choose(nothing(), one, deviation) : deviation);
      }
    };
  }

  /** Returns numbers with another in the place of those that are not known. */
  private String known(GraphWriter g, String x, double otherwise) {
    return masked ? g.choose(g.isKnown(x), x, g.number(Type.DOUBLE, otherwise)) : x;
  }

  private String sum(String x) {
    return g.reduce("ReduceSum", x, 1, true);
  }

  /** Returns how many numbers of the context are known, 1 for none. */
  private String count() {
    if (!masked) {
      return g.number(Type.DOUBLE, context);
    }
    return g.choose(nothing(), g.number(Type.DOUBLE, 1), known());
  }

  private String known() {
    return sum(g.cast(g.isKnown(history), Type.DOUBLE));
  }

  private String nothing() {
    return g.op("Less", known(), g.number(Type.DOUBLE, 0.5));
  }

  /** Whether the numbers of a context differ so little that floats hardly show it. */
  private String isFine() {
    String high = g.reduce("ReduceMax", known(g, history, -Double.MAX_VALUE), 1, true);
    String minus = g.op("Neg", known(g, history, Double.MAX_VALUE));
    String low = g.op("Neg", g.reduce("ReduceMax", minus, 1, true));
    String a = g.op("Abs", low);
    String b = g.op("Abs", high);
    String largest = g.cast(g.choose(g.op("Less", a, b), b, a), Type.FLOAT);
    String coarse = g.multiply(g.number(Type.FLOAT, FINE), InputWriter.ulp(g, largest));
    return g.op("Less", g.subtract(high, low), g.cast(coarse, Type.DOUBLE));
  }

  /**
   * Returns the last number that is known along axis 1 of {@code rows}, or 0; the axis stays.
   *
   * @param x [batch][rows][any]
   */
  private String lastKnown(String x, int rows) {
    double[] numbers = new double[rows];
    Arrays.setAll(numbers, i -> i + 1);
    long[] axes = new long[] {1, rows, 1};
    String places = g.reshape(g.numbers(Type.DOUBLE, numbers, rows), axes);
    String flags = g.cast(g.isKnown(x), Type.DOUBLE);
    String last = g.reduce("ReduceMax", g.multiply(flags, places), 1, true);
    String isLast = g.same(places, last);
    return sum(g.choose(isLast, known(g, x, 0), g.number(Type.DOUBLE, 0)));
  }

  /** Returns numbers as they are read: rounded to floats or not. */
  String rounded(GraphWriter g, String x) {
    return g.choose(exact, x, g.cast(g.cast(x, Type.FLOAT), Type.DOUBLE));
  }

  /** Returns numbers relative to the center, in units. */
  String relative(GraphWriter g, String x) {
    return g.divide(g.subtract(rounded(g, x), center), unit);
  }

  /** Returns the numbers that are so far from the center, in units. */
  String absolute(GraphWriter g, String x) {
    return g.add(center, g.multiply(unit, x));
  }

  /** Returns how large differences are that are so many units. */
  String size(GraphWriter g, String x) {
    return g.multiply(unit, x);
  }

  /**
   * Returns what the numbers of the horizon are expected to be, relative to the center:
   * [batch][horizon][targets], or 0.
   */
  String expected(int season, int horizon) {
    if (relative != Relative.SEASON) {
      return g.number(Type.DOUBLE, 0);
    }
    long[] places = new long[horizon];
    Arrays.setAll(places, row -> row % season);
    return g.gather(masked ? lastOfEach(season) : lastSeason(season), g.integers(places), 1);
  }

  private String lastSeason(int season) {
    return relative(g, g.slice(history, 1, context - season, context));
  }

  /** Of each row of a season the last number that is known, relative to the center; 0 for none. */
  private String lastOfEach(int season) {
    var rows = new ArrayList<String>();
    for (int row = 0; row < season; row++) {
      int count = (context - 1 - (context - season + row) % season) / season + 1;
      int first = (context - season + row) % season;
      long[] places = new long[count];
      Arrays.setAll(places, i -> first + (long) i * season);
      rows.add(lastKnown(relative(g, g.gather(history, g.integers(places), 1)), count));
    }
    return g.concat(1, rows);
  }
}
