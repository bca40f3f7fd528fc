package dev.unroll.cli.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers in the units of the data, with as many digits as they are worth. */
public final class Digits {

  /** Digits of a number by itself. */
  private static final int OWN = 6;

  /** Digits of the differences between numbers. */
  private static final int OF_SPREAD = 5;

  /** Beyond this many places before or after the point, numbers are written with an exponent. */
  private static final int PLACES = 20;

  private Digits() {}

  /**
   * Returns a finite number with six digits, or more where its differences from others show only
   * behind these: 6779547423.1 of numbers that lie a hundred apart.
   *
   * @param spreads what is usual between such numbers; those that are not above 0 do not count
   */
  public static String of(double value, double... spreads) {
    var exact = new BigDecimal(Double.toString(value));
    int scale = OWN - (exact.precision() - exact.scale());
    for (double spread : spreads) {
      if (spread > 0 && Double.isFinite(spread)) {
        scale = Math.max(scale, OF_SPREAD - 1 - exponent(spread));
      }
    }
    BigDecimal rounded =
        exact.scale() <= scale ? exact : exact.setScale(scale, RoundingMode.HALF_EVEN);
    if (rounded.signum() == 0) {
      return "0";
    }
    rounded = rounded.stripTrailingZeros();
    boolean plain = Math.abs(rounded.precision() - rounded.scale()) <= PLACES;
    return plain ? rounded.toPlainString() : rounded.toString();
  }

  /**
   * Returns a finite number with one decimal more than the numbers of the data have, or as many as
   * show a hundredth of what is usual between them; never with more than {@link #of} gives. A
   * number that needs fewer has as many as those of the data: 25.00 among prices.
   *
   * @param decimals decimals of the data
   * @param usual their standard deviation
   * @param spread how far the numbers lie apart that are printed
   */
  public static String like(int decimals, double value, double usual, double spread) {
    String most = of(value, usual, spread);
    int scale = Math.max(decimals + 1, 2 - exponent(usual));
    var exact = new BigDecimal(most);
    String rounded =
        exact.scale() <= scale
            ? most
            : of(exact.setScale(scale, RoundingMode.HALF_EVEN).doubleValue(), usual, spread);
    var own = new BigDecimal(rounded);
    int room = OWN - Math.max(1, own.precision() - own.scale());
    int wanted = Math.min(decimals, room);
    return own.scale() < wanted ? own.setScale(wanted).toPlainString() : rounded;
  }

  /** Returns the exponent of ten of a number above 0. */
  private static int exponent(double value) {
    var exact = new BigDecimal(Double.toString(value));
    return exact.precision() - exact.scale() - 1;
  }

  /**
   * Returns a measure in a column of twelve: four places, or an exponent where they show little.
   */
  public static String measure(double value) {
    return String.format(Locale.ROOT, form(value), value);
  }

  /** Returns a mean and a deviation with as many places: {@code 0.8123 ± 0.0045}. */
  static String measure(double mean, double deviation) {
    String form = form(mean);
    return String.format(Locale.ROOT, form + " ± " + form, mean, deviation);
  }

  private static String form(double value) {
    double size = Math.abs(value);
    boolean plain = size == 0 || (size >= 0.01 && size < 1e7) || !Double.isFinite(value);
    return plain ? "%.4f" : "%.5g";
  }
}
