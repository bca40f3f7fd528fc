package dev.unroll.cli.chart;

import java.util.List;

/**
 * Where the values of an axis lie, and which of them are named.
 *
 * @param ticks the values that are named, ascending
 * @param logarithmic whether equal distances are equal ratios
 * @param least the value at the beginning of the axis
 * @param most the value at its end
 */
record Scale(double least, double most, boolean logarithmic, List<Tick> ticks) {

  /** What an axis shows. */
  enum Kind {
    NUMBERS,
    LOGARITHMS,
    /** Milliseconds since 1970. */
    TIMES
  }

  /** Covers values, with about {@code count} ticks. */
  static Scale of(Kind kind, double least, double most, int count) {
    double low = least;
    double high = most;
    if (low == high) {
      double more = low == 0 ? 1 : Math.abs(low) / 10;
      low = kind == Kind.LOGARITHMS ? low / 2 : low - more;
      high = kind == Kind.LOGARITHMS ? high * 2 : high + more;
    }
    return switch (kind) {
      case NUMBERS -> new Scale(low, high, false, Ticks.numbers(low, high, count));
      case LOGARITHMS -> new Scale(low, high, true, Ticks.logarithms(low, high, count));
      case TIMES -> new Scale(low, high, false, Ticks.times(low, high, count));
    };
  }

  /** Covers values and a little more at both ends, so that no line runs along the edge. */
  static Scale around(Kind kind, double least, double most, int count) {
    double share = 0.04;
    if (kind == Kind.LOGARITHMS) {
      double factor = Math.pow(most / least, share);
      return of(kind, least / factor, most * factor, count);
    }
    double more = share * (most - least);
    return of(kind, least - more, most + more, count);
  }

  /** Returns where a value lies, from 0 at the beginning of the axis to 1 at its end. */
  double place(double value) {
    return logarithmic
        ? Math.log(value / least) / Math.log(most / least)
        : (value - least) / (most - least);
  }

  /** Returns whether a value can be drawn. */
  boolean shows(double value) {
    return Double.isFinite(value) && (!logarithmic || value > 0);
  }
}
