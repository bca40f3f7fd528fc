package dev.unroll.text.table;

import dev.unroll.file.InputException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Times that are one step apart: some months (or years), or some seconds (or hours, days, weeks).
 *
 * @param start the first time
 * @param months months of a step; 0 where it is a number of seconds
 * @param seconds seconds of a step; 0 where it is a number of months
 * @param form how times are written
 */
public record TimeAxis(LocalDateTime start, long months, long seconds, Form form) {

  /** How times are written: a year, a month, a day, or a moment, as ISO 8601 has them. */
  public enum Form {
    /** Such as 1949. */
    YEAR("uuuu"),
    /** Such as 1949-01. */
    MONTH("uuuu-MM"),
    /** Such as 1949-01-31. */
    DAY("uuuu-MM-dd"),
    /** Such as 1949-01-31 23:59:59. */
    MOMENT("uuuu-MM-dd HH:mm:ss"),
    /** Such as 1949-01-31T23:59:59Z; other offsets are read, and written as this. */
    INSTANT("uuuu-MM-dd'T'HH:mm:ss'Z'");

    private final DateTimeFormatter formatter;

    Form(String pattern) {
      formatter = DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    }
  }

  private static final Pattern YEAR = Pattern.compile("\\d{4}");
  private static final Pattern MONTH = Pattern.compile("\\d{4}-\\d{2}");
  private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

  /** No time is written in more letters. */
  private static final int LONGEST = 64;

  /** A time, and how it was written. */
  record Read(LocalDateTime time, Form form) {}

  /** Returns a time that is written in one of the forms, or null. */
  static @Nullable Read read(String written) {
    String text = written.strip();
    if (text.length() > LONGEST) {
      return null;
    }
    try {
      if (YEAR.matcher(text).matches()) {
        return new Read(LocalDate.of(Integer.parseInt(text), 1, 1).atStartOfDay(), Form.YEAR);
      }
      if (MONTH.matcher(text).matches()) {
        return new Read(YearMonth.parse(text).atDay(1).atStartOfDay(), Form.MONTH);
      }
      if (DAY.matcher(text).matches()) {
        return new Read(LocalDate.parse(text).atStartOfDay(), Form.DAY);
      }
      String moment = text.replaceFirst(" ", "T");
      if (moment.endsWith("Z") || moment.matches(".*T.*[+-]\\d{2}:?\\d{2}")) {
        var instant = OffsetDateTime.parse(moment.replaceFirst("([+-]\\d{2})(\\d{2})$", "$1:$2"));
        var utc = instant.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
        return new Read(utc, Form.INSTANT);
      }
      return new Read(LocalDateTime.parse(moment), Form.MOMENT);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /**
   * Returns the axis of ascending times, whose step is the most frequent distance of two.
   *
   * @param times two or more
   */
  static TimeAxis of(List<LocalDateTime> times, Form form) {
    LocalDateTime start = times.getFirst();
    boolean monthly =
        times.stream().allMatch(time -> inMonth(time, start))
            || times.stream()
                .allMatch(
                    time -> isMonthEnd(time) && time.toLocalTime().equals(start.toLocalTime()));
    if (monthly && ChronoUnit.DAYS.between(start, times.get(1)) >= 28) {
      var counts = new TreeMap<Long, Integer>();
      for (int i = 1; i < times.size(); i++) {
        counts.merge(monthsBetween(times.get(i - 1), times.get(i)), 1, Integer::sum);
      }
      return new TimeAxis(start, mostFrequent(counts), 0, form);
    }
    var counts = new TreeMap<Long, Integer>();
    for (int i = 1; i < times.size(); i++) {
      counts.merge(ChronoUnit.SECONDS.between(times.get(i - 1), times.get(i)), 1, Integer::sum);
    }
    long step = mostFrequent(counts);
    if (step < 1) {
      throw new InputException(
          "the times are less than a second apart",
          "Use {time} none: rows are one step apart then.");
    }
    return new TimeAxis(start, 0, step, form);
  }

  private static long mostFrequent(TreeMap<Long, Integer> counts) {
    long best = 0;
    int most = 0;
    for (var each : counts.entrySet()) {
      if (each.getValue() > most) {
        best = each.getKey();
        most = each.getValue();
      }
    }
    return best;
  }

  private static boolean inMonth(LocalDateTime time, LocalDateTime start) {
    return time.getDayOfMonth() == start.getDayOfMonth()
        && time.toLocalTime().equals(start.toLocalTime());
  }

  private static boolean isMonthEnd(LocalDateTime time) {
    return time.getDayOfMonth() == time.toLocalDate().lengthOfMonth();
  }

  private static long monthsBetween(LocalDateTime a, LocalDateTime b) {
    return ChronoUnit.MONTHS.between(YearMonth.from(a), YearMonth.from(b));
  }

  /** Returns the time of a row. */
  public LocalDateTime time(long row) {
    if (months == 0) {
      return start.plusSeconds(Math.multiplyExact(row, seconds));
    }
    LocalDateTime time = start.plusMonths(Math.multiplyExact(row, months));
    boolean ends = isMonthEnd(start) && start.getDayOfMonth() > 27;
    return ends ? time.withDayOfMonth(time.toLocalDate().lengthOfMonth()) : time;
  }

  /** Returns the time of a row as it is written. */
  String label(long row) {
    return label(time(row));
  }

  String label(LocalDateTime time) {
    return form.formatter.format(time);
  }

  /** Returns the row of a time, or -1 where it lies between two rows. */
  long row(LocalDateTime time) {
    long row =
        months > 0
            ? monthsBetween(start, time) / months
            : ChronoUnit.SECONDS.between(start, time) / seconds;
    return time(row).equals(time) ? row : -1;
  }

  /** Returns how long a step is, in words. */
  String step() {
    if (months > 0) {
      return months % 12 == 0 ? many(months / 12, "year") : many(months, "month");
    }
    if (seconds % 604_800 == 0) {
      return many(seconds / 604_800, "week");
    }
    if (seconds % 86_400 == 0) {
      return many(seconds / 86_400, "day");
    }
    if (seconds % 3600 == 0) {
      return many(seconds / 3600, "hour");
    }
    return seconds % 60 == 0 ? many(seconds / 60, "minute") : many(seconds, "second");
  }

  private static String many(long count, String unit) {
    return count == 1 ? "1 " + unit : count + " " + unit + "s";
  }

  /** Returns the usual season in rows: a year of months, a week of days, a day of hours; or 1. */
  public int season() {
    if (months > 0) {
      return months < 12 && 12 % months == 0 ? (int) (12 / months) : 1;
    }
    if (seconds == 86_400) {
      return 7;
    }
    if (seconds == 604_800) {
      return 52;
    }
    return seconds < 86_400 && 86_400 % seconds == 0 ? (int) (86_400 / seconds) : 1;
  }
}
