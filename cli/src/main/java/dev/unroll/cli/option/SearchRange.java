package dev.unroll.cli.option;

import dev.unroll.Trial;
import dev.unroll.base.InputException;
import dev.unroll.file.Numbers;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values of an option that a search draws from. */
public sealed interface SearchRange {

  /** A name, with or without its hyphens, and what follows the sign. */
  Pattern FORM = Pattern.compile("(?:--)?([^=]*)=(.*)", Pattern.DOTALL);

  /** Two numbers, and what follows a colon. */
  Pattern BETWEEN = Pattern.compile("(.*?)\\.\\.(.*?)(:.*)?", Pattern.DOTALL);

  /** Returns the name of the option, with its hyphens. */
  String option();

  /** Draws a value, as it stands on a command line. */
  String draw(Trial trial);

  /** Returns its ends, or all its values. */
  List<String> extremes();

  /**
   * Some values.
   *
   * @param option the name of the option
   * @param values the values, each as likely as the others
   */
  record Choice(String option, List<String> values) implements SearchRange {
    @Override
    public String draw(Trial trial) {
      return trial.oneOf(option, values);
    }

    @Override
    public List<String> extremes() {
      return values;
    }

    @Override
    public String toString() {
      boolean bars = values.stream().anyMatch(each -> each.contains(","));
      return option.substring(2) + "=" + String.join(bars ? "|" : ",", values);
    }
  }

  /**
   * The numbers between two.
   *
   * @param option the name of the option
   * @param from the least
   * @param to the greatest
   * @param whole whether they are whole
   * @param scale how they are spread
   */
  record Between(String option, double from, double to, boolean whole, Trial.Scale scale)
      implements SearchRange {
    @Override
    public String draw(Trial trial) {
      return whole
          ? String.valueOf(trial.whole(option, (int) from, (int) to, scale))
          : text(trial.number(option, from, to, scale));
    }

    @Override
    public List<String> extremes() {
      return List.of(text(from), text(to));
    }

    @Override
    public String toString() {
      return option.substring(2)
          + "="
          + text(from)
          + ".."
          + text(to)
          + (scale == Trial.Scale.LOGARITHMIC ? ":log" : "");
    }
  }

  /** Returns a value that was drawn, as it stands on a command line: 0.0005, not 5.0E-4. */
  static String text(Object value) {
    return value instanceof Double number
        ? new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString()
        : value.toString();
  }

  /** Returns rates around one: from a fifth of it to five times it, each factor as likely. */
  static SearchRange around(String option, double rate) {
    var digits = new MathContext(2);
    return new Between(
        option,
        new BigDecimal(rate / 5).round(digits).doubleValue(),
        new BigDecimal(rate * 5).round(digits).doubleValue(),
        false,
        Trial.Scale.LOGARITHMIC);
  }

  /**
   * Reads a range.
   *
   * @param text {@code rate=0.0003..0.01:log} or {@code units=64,128}
   * @throws InputException if it is none
   */
  static SearchRange parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || form.group(1).isBlank() || form.group(2).isBlank()) {
      throw refused(text, "is not an option with values");
    }
    String option = "--" + form.group(1).strip();
    String values = form.group(2).strip();
    Matcher between = BETWEEN.matcher(values);
    return between.matches() && !values.contains("|")
        ? between(text, option, between)
        : choice(text, option, values);
  }

  private static SearchRange between(String text, String option, Matcher parts) {
    String first = parts.group(1).strip();
    String last = parts.group(2).strip();
    double from = Numbers.parse(first);
    double to = Numbers.parse(last);
    if (Double.isNaN(from) || Double.isNaN(to)) {
      throw refused(
          text, "has no number " + (Double.isNaN(from) ? "before" : "after") + " the dots");
    }
    if (!(from < to)) {
      throw refused(text, "does not rise");
    }
    String spread = parts.group(3) == null ? "" : parts.group(3).strip();
    if (!List.of("", ":log").contains(spread)) {
      throw refused(text, "ends with " + spread + ", which is not :log");
    }
    if (!spread.isEmpty() && from <= 0) {
      throw refused(text, "is logarithmic and does not begin above 0");
    }
    boolean whole = isWhole(first) && isWhole(last);
    return new Between(
        option, from, to, whole, spread.isEmpty() ? Trial.Scale.LINEAR : Trial.Scale.LOGARITHMIC);
  }

  private static boolean isWhole(String number) {
    return number.matches("-?\\d{1,9}");
  }

  private static SearchRange choice(String text, String option, String values) {
    List<String> all =
        Arrays.stream(values.split(values.contains("|") ? "\\|" : ",", -1))
            .map(String::strip)
            .toList();
    if (all.contains("")) {
      throw refused(text, "has an empty value");
    }
    if (all.stream().distinct().count() < all.size()) {
      throw refused(text, "names a value twice");
    }
    return new Choice(option, all);
  }

  private static InputException refused(String text, String problem) {
    return new InputException(
        "--search " + text + " " + problem,
        "Write rate=0.0003..0.01:log, units=64,128,256 or dropout=0..0.6.");
  }
}
