package dev.unroll.file;

import dev.unroll.base.InputException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Numbers as files and options write them: 12, -0.25, 1e-3. Java's own parsers also take NaN,
 * Infinity, 0x1p3, 1f, 2d and the digits of other scripts, none of which anybody means.
 */
public final class Numbers {

  /** What messages say of a text that is not such a number. */
  public static final String FIX = "Write numbers as 0.25 or 1e-3.";

  /** Possessive: a text of a million digits is read once. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:[0-9]++(?:\\.[0-9]*+)?|\\.[0-9]++)(?:[eE][+-]?[0-9]{1,9})?");

  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,19}");
  private static final Pattern ZERO = Pattern.compile("[+-]?[0.]++(?:[eE].*)?");

  private Numbers() {}

  /** Returns whether a text is written as a number, whether or not it is in the range of one. */
  public static boolean isNumber(String text) {
    return NUMBER.matcher(text).matches();
  }

  /**
   * Returns the number that a text says; NaN if it says none, or one so large that it would be
   * infinite, or so small that it would be 0. A negative zero is 0.
   */
  public static double parse(String text) {
    if (!isNumber(text)) {
      return Double.NaN;
    }
    double value = Double.parseDouble(text);
    boolean lost = value == 0 && !ZERO.matcher(text).matches();
    return lost || Double.isInfinite(value) ? Double.NaN : value + 0.0;
  }

  /** Returns the same as a float; one too small for it is 0. */
  public static float parseFloat(String text) {
    float value = isNumber(text) ? Float.parseFloat(text) : Float.NaN;
    return Float.isInfinite(value) ? Float.NaN : value + 0f;
  }

  /** Returns a number as people read it, to four significant digits at least. */
  public static String rounded(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? "0" : Double.toString(value);
    }
    var exact = new BigDecimal(value);
    int whole = exact.precision() - exact.scale(); // digits before the point
    if (whole < -3 || whole > 15) {
      return String.format(Locale.ROOT, "%.3e", value);
    }
    return exact.round(new MathContext(Math.max(4, whole))).stripTrailingZeros().toPlainString();
  }

  /** Returns a share as people read it, in percent with two digits: {@code 92.51%}. */
  public static String percent(double share) {
    return Double.isNaN(share) ? "undefined" : String.format(Locale.ROOT, "%.2f%%", 100 * share);
  }

  /**
   * Returns the whole number that a text says.
   *
   * @throws NumberFormatException if it says none, or one that a {@code long} cannot hold
   */
  public static long parseWhole(String text) {
    if (!WHOLE.matcher(text).matches()) {
      throw new NumberFormatException(text);
    }
    return Long.parseLong(text);
  }

  /** Refuses a count that is not in {@code least … most}. */
  public static void checkCount(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new InputException(
          name + " is " + value,
          String.format(Locale.ROOT, "It must be in %,d … %,d.", least, most));
    }
  }

  /**
   * Refuses a parameter that is not in a range, or not a number.
   *
   * @param name what messages call it
   * @throws InputException if it is not
   */
  public static void check(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new InputException(
          name + " is " + value, String.format(Locale.ROOT, "It must be in %s … %s.", least, most));
    }
  }
}
