package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.text.Calendar;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The times of the rows of a series, and of those that will follow them: on from the last row as
 * rows came before it, without the weekends, say, if they had none.
 */
public final class TimeAxis {

  /**
   * Of a model that was trained before patterns were known: where rows are taken as they come, each
   * is one step after the one before.
   */
  static final String WITHOUT_PATTERN = "";

  /** Of a model whose rows had no pattern. */
  static final String REGULAR = "regular";

  private final Writing writing;
  private final List<LocalDateTime> times;
  private final @Nullable TimeSlots slots;
  private final boolean asTheyCome;

  /** Of row 0 its place among the slots, if rows lie in them without a gap. */
  private final long first;

  /**
   * How times are written.
   *
   * @param zone the zone that they are written for
   * @param utc whether the axis has them in UTC; otherwise as clocks show them there
   */
  record Writing(TimeForm form, ZoneId zone, boolean utc) {

    private LocalDateTime local(LocalDateTime time) {
      return utc ? time.atZone(ZoneOffset.UTC).withZoneSameInstant(zone).toLocalDateTime() : time;
    }

    private String label(LocalDateTime time) {
      return form.write(utc ? time.atZone(ZoneOffset.UTC) : time.atZone(zone), zone);
    }
  }

  /**
   * Creates the axis of rows.
   *
   * @param times the times of the rows of a file
   * @param slots when rows come; null if no rule is found
   * @param asTheyCome whether the rows of the series are those of the file, at their own times, or
   *     the slots from the first row on
   */
  TimeAxis(
      Writing writing, List<LocalDateTime> times, @Nullable TimeSlots slots, boolean asTheyCome) {
    this.writing = writing;
    this.times = List.copyOf(times);
    this.slots = slots;
    this.asTheyCome = asTheyCome;
    if (slots == null) {
      first = 0;
    } else if (asTheyCome) {
      first = slots.floor(times.getLast()) + 1 - times.size();
    } else {
      first = slots.floor(times.getFirst());
    }
  }

  /** Returns whether the time of a row is known: of all rows, unless they come without a rule. */
  boolean knows(long row) {
    return slots != null || row < times.size();
  }

  /**
   * Returns the time of a row as clocks show it there; in UTC where the file has several offsets.
   *
   * @throws InputException if it lies after the rows of the file, and these come without a rule
   */
  public LocalDateTime time(long row) {
    return writing.local(own(row));
  }

  private LocalDateTime own(long row) {
    if (asTheyCome && row < times.size()) {
      return times.get(Math.toIntExact(row));
    }
    if (slots == null) {
      throw new InputException(
          "the times of the rows follow no rule, so that nothing says which come after "
              + writing.label(times.getLast()),
          "Let the file continue with rows that have a time and no numbers, or number the rows ({time none}).");
    }
    return slots.at(Math.addExact(first, row));
  }

  /** Returns the time of a row as it is written. */
  String label(long row) {
    return writing.label(own(row));
  }

  /** Returns the row of the series at which a row of the file lies; -1 between two rows. */
  long place(int row) {
    LocalDateTime time = times.get(row);
    return slots != null && slots.has(time) ? slots.floor(time) - first : -1;
  }

  /** Returns how rows come, in words, such as «1 day (Monday to Friday)». */
  public String step() {
    return slots == null ? "no rule" : slots.words();
  }

  /** Returns in words what {@link #kept} gave, such as «1 day (Monday to Friday)». */
  public static String words(String kept) {
    if (kept.isEmpty() || kept.equals(REGULAR)) {
      return REGULAR;
    }
    return TimeSlots.ofKept(kept).words(kept.endsWith(ClosedDays.KEPT));
  }

  /** Returns whether rows come in a pattern, such as on five days of a week. */
  public boolean hasPattern() {
    return slots != null && slots.isPattern();
  }

  /** Returns the usual season in rows: a year of months, a week of days, a day of hours; or 1. */
  public int season() {
    return slots == null ? 1 : slots.season();
  }

  /** Returns the seasons in rows that such times may have, ascending: of hours a day and a week. */
  public List<Integer> seasons() {
    return slots == null ? List.of() : slots.seasons();
  }

  /** Returns the parts of the calendar that may say something about rows so far apart. */
  List<Calendar> calendar() {
    double days = slots == null ? 0 : slots.days();
    if (days == 0) {
      return List.of();
    }
    if (days > 7) {
      return days < 100 ? List.of(Calendar.MONTH) : List.of();
    }
    if (days > 1) {
      return List.of(Calendar.YEARDAY);
    }
    return days < 1
        ? List.of(Calendar.HOUR, Calendar.WEEKDAY, Calendar.YEARDAY)
        : List.of(Calendar.WEEKDAY, Calendar.YEARDAY);
  }

  /** Returns a text by which a model keeps how rows come, for {@link SeriesTable#withTimes}. */
  public String kept() {
    return slots != null && slots.isPattern() ? slots.kept() : REGULAR;
  }
}
