package dev.unroll.text.table;

import dev.unroll.base.InputException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A pattern by which times are written, with the letters of {@link DateTimeFormatter}: {@code
 * dd.MM.yyyy HH:mm}, {@code yyyy'Q'q}, {@code YYYY-'W'ww}; or {@link #SECONDS} or {@link
 * #MILLISECONDS} of the epoch. Whatever the machine's language, months are English, and weeks begin
 * on Monday (ISO 8601). Of years of two digits, 69 is 1969 and 68 is 2068.
 */
final class TimePattern {

  /** Seconds since 1970-01-01 in UTC. */
  static final String SECONDS = "epoch-seconds";

  /** Milliseconds since 1970-01-01 in UTC. */
  static final String MILLISECONDS = "epoch-milliseconds";

  private static final int FIRST_OF_TWO_DIGITS = 1969;

  private static final List<String> MONTHS =
      List.of(
          "January",
          "February",
          "March",
          "April",
          "May",
          "June",
          "July",
          "August",
          "September",
          "October",
          "November",
          "December");

  private static final List<String> DAYS =
      List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");

  /**
   * A part of a pattern.
   *
   * @param letter its letter; 0 for a text between them
   * @param text as it is written
   */
  private record Part(char letter, String text) {
    boolean isDigits() {
      return letter != 0 && "uYqQMdHhKkmsSewD".indexOf(letter) >= 0 && !isName();
    }

    boolean isName() {
      return (letter == 'M' || letter == 'L' || letter == 'E') && text.length() > 2;
    }
  }

  private final String text;
  private final List<Part> parts;

  /**
   * Reads a pattern.
   *
   * @throws InputException if it is none
   */
  TimePattern(String text) {
    this.text = text;
    parts = isEpoch() ? List.of() : parts(text);
    try {
      reader();
      writer();
    } catch (IllegalArgumentException e) {
      throw new InputException(
          String.format(Locale.ROOT, "«%s» is not a pattern of times: %s", text, e.getMessage()),
          "Write it as dd.MM.yyyy HH:mm, yyyy'Q'q, epoch-seconds or epoch-milliseconds.");
    }
    if (!isEpoch() && letters("uY").isEmpty()) {
      throw new InputException(
          String.format(Locale.ROOT, "the pattern «%s» has no year", text),
          "Write it as dd.MM.yyyy HH:mm, yyyy'Q'q, epoch-seconds or epoch-milliseconds.");
    }
  }

  private static List<Part> parts(String text) {
    var parts = new ArrayList<Part>();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      int end = i + 1;
      if (c == '\'') {
        int close = text.indexOf('\'', end);
        close = close < 0 ? text.length() : close;
        parts.add(new Part('\0', close == end ? "'" : text.substring(end, close)));
        i = close + 1;
        continue;
      }
      boolean letter = isLetter(c);
      while (end < text.length()
          && (letter
              ? text.charAt(end) == c
              : !isLetter(text.charAt(end)) && text.charAt(end) != '\'')) {
        end++;
      }
      String own = text.substring(i, end);
      parts.add(new Part(!letter ? '\0' : c == 'y' ? 'u' : c, own.replace('y', 'u')));
      i = end;
    }
    return parts;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private boolean isEpoch() {
    return text.equals(SECONDS) || text.equals(MILLISECONDS);
  }

  private String letters(String some) {
    return parts.stream()
        .filter(part -> part.letter != 0 && some.indexOf(part.letter) >= 0)
        .map(Part::text)
        .collect(Collectors.joining());
  }

  /** Returns whether times are moments, wherever clocks show something else. */
  boolean isZoned() {
    return isEpoch() || !letters("XxZVzO").isEmpty();
  }

  /** Returns the pattern as it is written. */
  String text() {
    return text;
  }

  /** Returns the same with days, months and hours of one digit, or of two. */
  TimePattern padded(boolean date, boolean hours) {
    if (isEpoch()) {
      return this;
    }
    var written = new StringBuilder();
    for (Part part : parts) {
      boolean some = "dM".indexOf(part.letter) >= 0 || "Hh".indexOf(part.letter) >= 0;
      if (part.letter != 0 && some && !part.isName()) {
        boolean two = "Hh".indexOf(part.letter) >= 0 ? hours : date;
        written.append(String.valueOf(part.letter).repeat(two ? 2 : 1));
      } else {
        written.append(part.letter == 0 ? quoted(part.text) : part.text);
      }
    }
    return new TimePattern(written.toString());
  }

  /** Returns a text between the parts of a pattern. */
  static String quoted(String literal) {
    return literal.chars().anyMatch(c -> isLetter((char) c) || c == '\'')
        ? "'" + literal.replace("'", "''") + "'"
        : literal;
  }

  /** Returns what reads times; what a pattern does not say is the first. */
  DateTimeFormatter reader() {
    return formatter(true);
  }

  /** Returns what writes times. */
  DateTimeFormatter writer() {
    return formatter(false);
  }

  private DateTimeFormatter formatter(boolean reading) {
    var builder = new DateTimeFormatterBuilder().parseCaseInsensitive();
    if (isEpoch()) {
      builder.appendValue(ChronoField.INSTANT_SECONDS, 1, 12, SignStyle.NORMAL);
      if (text.equals(MILLISECONDS)) {
        builder.appendValue(ChronoField.MILLI_OF_SECOND, 3);
      }
      return builder.toFormatter(Locale.ROOT).withZone(ZoneOffset.UTC);
    }
    for (int i = 0; i < parts.size(); i++) {
      boolean alone =
          (i == 0 || !parts.get(i - 1).isDigits())
              && (i + 1 == parts.size() || !parts.get(i + 1).isDigits());
      append(builder, parts.get(i), reading && alone);
    }
    if (reading) {
      defaults(builder);
    }
    return builder.toFormatter(Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
  }

  private static void append(DateTimeFormatterBuilder builder, Part part, boolean lenient) {
    int size = part.text.length();
    switch (part.letter) {
      case '\0' -> builder.appendLiteral(part.text);
      case 'u' -> {
        if (size == 2) {
          builder.appendValueReduced(ChronoField.YEAR, 2, 2, FIRST_OF_TWO_DIGITS);
        } else {
          builder.appendValue(ChronoField.YEAR, 4);
        }
      }
      case 'Y' -> builder.appendValue(IsoFields.WEEK_BASED_YEAR, 4);
      case 'w' -> builder.appendValue(IsoFields.WEEK_OF_WEEK_BASED_YEAR, 2);
      case 'e' -> builder.appendValue(ChronoField.DAY_OF_WEEK, 1);
      case 'q', 'Q' -> builder.appendValue(IsoFields.QUARTER_OF_YEAR, 1);
      case 'a' ->
          builder.appendText(
              ChronoField.AMPM_OF_DAY,
              size == 1 ? Map.of(0L, "AM", 1L, "PM") : Map.of(0L, "am", 1L, "pm"));
      case 'E' -> builder.appendText(ChronoField.DAY_OF_WEEK, names(DAYS, size));
      case 'M', 'L' -> {
        if (size > 2) {
          var names = names(MONTHS, size);
          if (part.letter == 'L') {
            names.replaceAll((month, name) -> name.toUpperCase(Locale.ROOT));
          }
          builder.appendText(ChronoField.MONTH_OF_YEAR, names);
        } else {
          number(builder, ChronoField.MONTH_OF_YEAR, size, lenient);
        }
      }
      case 'd' -> number(builder, ChronoField.DAY_OF_MONTH, size, lenient);
      case 'H' -> number(builder, ChronoField.HOUR_OF_DAY, size, lenient);
      case 'h' -> number(builder, ChronoField.CLOCK_HOUR_OF_AMPM, size, lenient);
      default -> builder.appendPattern(part.text);
    }
  }

  private static void number(
      DateTimeFormatterBuilder builder, TemporalField field, int size, boolean lenient) {
    if (lenient || size == 1) {
      builder.appendValue(field, 1, 2, SignStyle.NOT_NEGATIVE);
    } else {
      builder.appendValue(field, 2);
    }
  }

  private static Map<Long, String> names(List<String> all, int size) {
    var names = new TreeMap<Long, String>();
    IntStream.range(0, all.size())
        .forEach(i -> names.put(i + 1L, size == 3 ? all.get(i).substring(0, 3) : all.get(i)));
    return names;
  }

  private void defaults(DateTimeFormatterBuilder builder) {
    if (letters("Y").length() > 0) {
      builder.parseDefaulting(ChronoField.DAY_OF_WEEK, 1);
    } else if (letters("qQ").length() > 0) {
      builder.parseDefaulting(IsoFields.DAY_OF_QUARTER, 1);
    } else if (letters("D").isEmpty()) {
      if (letters("ML").isEmpty()) {
        builder.parseDefaulting(ChronoField.MONTH_OF_YEAR, 1);
      }
      builder.parseDefaulting(ChronoField.DAY_OF_MONTH, 1);
    }
    if (letters("HhKk").isEmpty()) {
      builder.parseDefaulting(ChronoField.HOUR_OF_DAY, 0);
    }
    builder.parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0);
    builder.parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0);
    builder.parseDefaulting(ChronoField.NANO_OF_SECOND, 0);
  }
}
