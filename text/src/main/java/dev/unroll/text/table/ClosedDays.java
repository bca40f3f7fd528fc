package dev.unroll.text.table;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Holidays without rows: nothing is missing there, and none are forecast. Where most of those in
 * the time of a file have rows, all of them are days as others.
 *
 * @param spans the days, ascending, in the times of the rows
 */
record ClosedDays(List<Span> spans) {

  /** Rows come on all days. */
  static final ClosedDays NONE = new ClosedDays(List.of());

  /** What stands at the end of a pattern that a model keeps, if holidays had no rows. */
  static final String KEPT = " without-holidays";

  /** A file with fewer holidays does not say what becomes of them, if a model does. */
  private static final int ENOUGH = 3;

  /**
   * A day.
   *
   * @param start its first moment
   * @param end that of the next
   */
  record Span(LocalDateTime start, LocalDateTime end) {}

  /**
   * Finds them.
   *
   * @param holidays days on which people do not work
   * @param times ascending times of rows, as clocks in UTC show them
   * @param zone the zone whose days are meant
   * @param kept what a model keeps of how rows come; null for nothing
   */
  static ClosedDays of(
      Set<LocalDate> holidays, List<LocalDateTime> times, ZoneId zone, @Nullable String kept) {
    if (holidays.isEmpty()) {
      return NONE;
    }
    var days = new TreeSet<LocalDate>();
    times.forEach(
        time -> days.add(time.atZone(ZoneOffset.UTC).withZoneSameInstant(zone).toLocalDate()));
    int there = 0;
    int absent = 0;
    for (LocalDate day : holidays) {
      if (days.contains(day)) {
        there++;
      } else if (!day.isBefore(days.first())
          && !day.isAfter(days.last())
          && (days.contains(day.minusWeeks(1)) || days.contains(day.plusWeeks(1)))) {
        absent++; // on a day of the week that usually has rows
      }
    }
    boolean closed =
        (kept == null || there + absent >= ENOUGH) ? absent > there : kept.endsWith(KEPT);
    if (!closed) {
      return NONE;
    }
    var spans = new ArrayList<Span>();
    for (LocalDate day : new TreeSet<>(holidays)) {
      if (day.isAfter(days.first()) && !days.contains(day)) {
        spans.add(new Span(start(day, zone), start(day.plusDays(1), zone)));
      }
    }
    return new ClosedDays(spans);
  }

  private static LocalDateTime start(LocalDate day, ZoneId zone) {
    return day.atStartOfDay(zone).withZoneSameInstant(ZoneOffset.UTC).toLocalDateTime();
  }
}
