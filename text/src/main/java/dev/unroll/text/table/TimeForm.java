package dev.unroll.text.table;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How the times of a column are written: as ISO 8601 has them, or by a pattern. */
final class TimeForm {

  /**
   * A time of a row.
   *
   * @param time the time; of a moment with an offset or a zone in UTC
   * @param zoned the same as it was written; null without offset or zone
   */
  record Read(LocalDateTime time, @Nullable ZonedDateTime zoned) {

    private ZonedDateTime written() {
      return zoned == null ? time.atZone(ZoneOffset.UTC) : zoned;
    }
  }

  private final boolean zoned;
  private final boolean years;
  private final Function<String, @Nullable Read> reader;
  private final DateTimeFormatter writer;

  /** Whether the name of a zone follows in brackets, if it has one. */
  private final boolean bracketed;

  private TimeForm(
      boolean zoned,
      boolean years,
      Function<String, @Nullable Read> reader,
      @Nullable DateTimeFormatter writer) {
    this.zoned = zoned;
    this.years = years;
    this.reader = reader;
    this.writer = writer == null ? usual(zoned) : writer;
    bracketed = writer == null && zoned;
  }

  /** Returns the same of times that the clocks of a zone show; the first of two that are alike. */
  TimeForm inZone(ZoneId zone) {
    if (zoned) {
      return this;
    }
    Function<String, @Nullable Read> own =
        text -> {
          Read read = reader.apply(text);
          if (read == null || zone.getRules().getValidOffsets(read.time).isEmpty()) {
            return null;
          }
          return read(read.time.atZone(zone).withEarlierOffsetAtOverlap());
        };
    return new TimeForm(true, years, own, writer);
  }

  private static Read read(ZonedDateTime time) {
    return new Read(time.withZoneSameInstant(ZoneOffset.UTC).toLocalDateTime(), time);
  }

  /** Returns one of two times at which clocks show the same: the later one, or the earlier. */
  static Read moment(ZonedDateTime time, boolean later) {
    return read(later ? time.withLaterOffsetAtOverlap() : time.withEarlierOffsetAtOverlap());
  }

  /** Returns the later of two times at which clocks show the same, as when summer time ends. */
  static Read later(Read read) {
    return read.zoned == null ? read : read(read.zoned.withLaterOffsetAtOverlap());
  }

  private static DateTimeFormatter usual(boolean zoned) {
    return new DateTimeFormatterBuilder()
        .appendPattern(zoned ? "uuuu-MM-dd'T'HH:mm:ss" : "uuuu-MM-dd HH:mm:ss")
        .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
        .appendPattern(zoned ? "XXX" : "")
        .toFormatter(Locale.ROOT);
  }

  /** Returns the form of ISO 8601 that some texts have; each may have seconds or not. */
  static TimeForm of(IsoTime form, List<String> texts) {
    Function<String, @Nullable Read> reader = text -> read(form, text);
    List<String> patterns =
        switch (form) {
          case YEAR -> List.of("uuuu");
          case MONTH -> List.of("uuuu-MM");
          case DAY -> List.of("uuuu-MM-dd");
          case MOMENT, INSTANT -> patterns(form == IsoTime.INSTANT, texts.getFirst());
        };
    var writers = patterns.stream().map(each -> new TimePattern(each).writer()).toList();
    return new TimeForm(
        form == IsoTime.INSTANT, form == IsoTime.YEAR, reader, reproducing(writers, reader, texts));
  }

  private static @Nullable Read read(IsoTime form, String text) {
    var read = IsoTime.read(text);
    return read == null || read.form() != form ? null : new Read(read.time(), read.zoned());
  }

  private static List<String> patterns(boolean zoned, String first) {
    int dot = first.indexOf('.');
    int digits = 0;
    while (dot >= 0 && dot + 1 + digits < first.length()) {
      if (!Character.isDigit(first.charAt(dot + 1 + digits))) {
        break;
      }
      digits++;
    }
    String fraction = digits > 0 ? "." + "S".repeat(Math.min(9, digits)) : "";
    var patterns = new ArrayList<String>();
    for (String between : List.of(" ", "'T'")) {
      for (String clock : List.of("HH:mm", "HH:mm:ss", "HH:mm:ss" + fraction)) {
        for (String end : zoned ? List.of("XXX", "XX", "X", "xxx", "XXX'['VV']'") : List.of("")) {
          patterns.add("uuuu-MM-dd" + between + clock + end);
        }
      }
    }
    return patterns;
  }

  /** Returns the form that a pattern says, with days, months and hours as some texts have them. */
  static TimeForm of(TimePattern pattern, List<String> texts) {
    DateTimeFormatter formatter = pattern.reader();
    boolean zoned = pattern.isZoned();
    Function<String, @Nullable Read> reader = text -> read(formatter, zoned, text);
    var writers = new ArrayList<DateTimeFormatter>();
    for (boolean date : List.of(true, false)) {
      for (boolean hours : List.of(date, !date)) {
        writers.add(pattern.padded(date, hours).writer());
      }
    }
    var writer = reproducing(writers, reader, texts);
    return new TimeForm(
        zoned,
        pattern.text().equals("uuuu") || pattern.text().equals("yyyy"),
        reader,
        writer == null ? pattern.writer() : writer);
  }

  private static @Nullable Read read(DateTimeFormatter formatter, boolean zoned, String text) {
    try {
      var read = formatter.parse(text.strip());
      if (!zoned) {
        return new Read(LocalDateTime.from(read), null);
      }
      var own = ZonedDateTime.from(read);
      return new Read(own.withZoneSameInstant(ZoneOffset.UTC).toLocalDateTime(), own);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Returns the first that writes all texts as they are; null where none does. */
  private static @Nullable DateTimeFormatter reproducing(
      List<DateTimeFormatter> writers,
      Function<String, @Nullable Read> reader,
      List<String> texts) {
    for (DateTimeFormatter writer : writers) {
      boolean all = true;
      for (String text : texts) {
        Read read = reader.apply(text);
        if (read != null && !writer.format(read.written()).equals(text.strip())) {
          all = false;
          break;
        }
      }
      if (all) {
        return writer;
      }
    }
    return null;
  }

  /** Returns whether times are moments: with offsets or zones, or of the epoch. */
  boolean isZoned() {
    return zoned;
  }

  /** Returns whether times are years. */
  boolean isYears() {
    return years;
  }

  /** Returns a time; null where a text is not one written in this form. */
  @Nullable Read read(String text) {
    return reader.apply(text);
  }

  /**
   * Returns a time that a user writes in this form or as ISO 8601 has it; null where it is none.
   */
  @Nullable Read time(String text) {
    Read read = read(text);
    if (read != null) {
      return read;
    }
    var other = IsoTime.read(text);
    return other == null ? null : new Read(other.time(), other.zoned());
  }

  /**
   * Returns when a year, month or day is over that a user writes where times are finer; null where
   * it is none of these.
   */
  @Nullable Read end(String text) {
    var period = read(text) == null ? IsoTime.read(text) : null;
    LocalDateTime end = period == null ? null : period.end();
    return end == null ? null : new Read(end, null);
  }

  /**
   * Returns a time as it is written.
   *
   * @param zone the zone that a moment is written for
   */
  String write(ZonedDateTime time, ZoneId zone) {
    String text = writer.format(zoned ? time.withZoneSameInstant(zone) : time);
    return bracketed && !(zone instanceof ZoneOffset) ? text + "[" + zone + "]" : text;
  }
}
