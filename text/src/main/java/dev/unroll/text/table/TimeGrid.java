package dev.unroll.text.table;

import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Times that are equally far apart: some days of each month (or of each third, or of each January),
 * or some seconds.
 *
 * @param start a time of the grid, or, with several days, a time in the month of place 0
 * @param months months of a step; 0 where it is a number of seconds
 * @param days the days of such a month, ascending; in a month that has no such day its last one
 * @param step seconds of a step, or what {@code unit} says; 0 where it is a number of months
 * @param unit the unit of {@code step}
 */
record TimeGrid(LocalDateTime start, long months, List<Integer> days, long step, ChronoUnit unit) {

  private static final long DAY = 86_400;

  /** Copies the list. */
  TimeGrid {
    days = List.copyOf(days);
  }

  static TimeGrid ofMonths(LocalDateTime start, long months, List<Integer> days) {
    return new TimeGrid(start, months, days, 0, ChronoUnit.MONTHS);
  }

  static TimeGrid ofSteps(LocalDateTime start, long step, ChronoUnit unit) {
    return new TimeGrid(start, 0, List.of(), step, unit);
  }

  /** Returns the time of a place, which may be below 0. */
  LocalDateTime at(long place) {
    if (months == 0) {
      return start.plus(Math.multiplyExact(place, step), unit);
    }
    long month = Math.multiplyExact(Math.floorDiv(place, (long) days.size()), months);
    var own = YearMonth.from(start).plusMonths(month);
    int day = days.get((int) Math.floorMod(place, (long) days.size()));
    return own.atDay(Math.min(day, own.lengthOfMonth())).atTime(start.toLocalTime());
  }

  /** Returns the last place whose time is not after a time. */
  long floor(LocalDateTime time) {
    long place;
    if (months == 0) {
      place = Math.floorDiv(unit.between(start, time), step);
    } else {
      long month = ChronoUnit.MONTHS.between(YearMonth.from(start), YearMonth.from(time));
      place = (Math.floorDiv(month, months) + 1) * days.size() - 1;
    }
    while (at(place).isAfter(time)) {
      place--;
    }
    return place;
  }

  /** Returns whether a step is a day. */
  boolean isDaily() {
    return unit == ChronoUnit.SECONDS && step == DAY;
  }

  /** Returns how many places a day has; 0 where they are a day or more apart, or not in a day. */
  int placesOfDay() {
    boolean within = unit == ChronoUnit.SECONDS && step < DAY && DAY % step == 0;
    return within ? (int) (DAY / step) : 0;
  }

  /** Returns the usual season in places: a year of months, a week of days, a day of hours; or 1. */
  int season() {
    if (months > 0) {
      return months < 12 && 12 % months == 0 ? (int) (12 / months) * days.size() : days.size();
    }
    if (isDaily()) {
      return 7;
    }
    return unit == ChronoUnit.SECONDS && step == 7 * DAY ? 52 : Math.max(1, placesOfDay());
  }

  /** Returns how long a step is, in words. */
  String words() {
    if (days.size() > 1) {
      return "some days of " + (months == 1 ? "each month" : many(months, "month"));
    }
    if (months > 0) {
      return months % 12 == 0 ? many(months / 12, "year") : many(months, "month");
    }
    if (unit != ChronoUnit.SECONDS) {
      return step % 1_000_000 == 0
          ? many(step / 1_000_000, "millisecond")
          : many(step, "nanosecond");
    }
    if (step % (7 * DAY) == 0) {
      return many(step / (7 * DAY), "week");
    }
    if (step % DAY == 0) {
      return many(step / DAY, "day");
    }
    if (step % 3600 == 0) {
      return many(step / 3600, "hour");
    }
    return step % 60 == 0 ? many(step / 60, "minute") : many(step, "second");
  }

  private static String many(long count, String unit) {
    return count == 1 ? "1 " + unit : count + " " + unit + "s";
  }
}
