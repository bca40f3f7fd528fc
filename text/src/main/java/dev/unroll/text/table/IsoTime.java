package dev.unroll.text.table;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A time as ISO 8601 has it: a year, a month, a day, or a moment. */
enum IsoTime {
  /** Such as 1949. */
  YEAR,
  /** Such as 1949-01. */
  MONTH,
  /** Such as 1949-01-31. */
  DAY,
  /** Such as 1949-01-31 23:59:59. */
  MOMENT,
  /** Such as 1949-01-31T23:59:59Z, with another offset, or with a zone after it. */
  INSTANT;

  private static final Pattern YEARS = Pattern.compile("\\d{4}");
  private static final Pattern MONTHS = Pattern.compile("\\d{4}-\\d{2}");
  private static final Pattern DAYS = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern OFFSET = Pattern.compile("(.*T.*)([+-]\\d{2}):?(\\d{2})");

  /** No time is written in more letters, though with nine decimals, an offset and a zone. */
  private static final int LONGEST = 80;

  /**
   * A time, and how it was written.
   *
   * @param time the time; of an {@link #INSTANT} in UTC
   * @param form how it was written
   * @param zoned an instant as it was written; null for other forms
   */
  record Read(LocalDateTime time, IsoTime form, @Nullable ZonedDateTime zoned) {

    private Read(LocalDateTime time, IsoTime form) {
      this(time, form, null);
    }

    /** Returns when a year, a month or a day is over; null for a moment. */
    @Nullable LocalDateTime end() {
      return switch (form) {
        case YEAR -> time.plusYears(1);
        case MONTH -> time.plusMonths(1);
        case DAY -> time.plusDays(1);
        case MOMENT, INSTANT -> null;
      };
    }
  }

  /** Returns a time that is written in one of the forms, or null. */
  static @Nullable Read read(String written) {
    String text = written.strip();
    if (text.length() > LONGEST) {
      return null;
    }
    try {
      if (YEARS.matcher(text).matches()) {
        return new Read(LocalDate.of(Integer.parseInt(text), 1, 1).atStartOfDay(), YEAR);
      }
      if (MONTHS.matcher(text).matches()) {
        return new Read(YearMonth.parse(text).atDay(1).atStartOfDay(), MONTH);
      }
      if (DAYS.matcher(text).matches()) {
        return new Read(LocalDate.parse(text).atStartOfDay(), DAY);
      }
      String moment = text.replaceFirst(" ", "T");
      var offset = OFFSET.matcher(moment);
      if (moment.endsWith("Z") || moment.endsWith("]") || offset.matches()) {
        var zoned = ZonedDateTime.parse(offset.replaceFirst("$1$2:$3"));
        var utc = zoned.withZoneSameInstant(ZoneOffset.UTC).toLocalDateTime();
        return new Read(utc, INSTANT, zoned);
      }
      return new Read(LocalDateTime.parse(moment), MOMENT);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
