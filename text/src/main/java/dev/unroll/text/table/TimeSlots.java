package dev.unroll.text.table;

import dev.unroll.base.InputException;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The times at which rows come: a grid, of which in each period the same places are left out, such
 * as the weekends of each week.
 */
final class TimeSlots {

  /** A Monday: weekly patterns count from here. */
  static final LocalDateTime MONDAY = LocalDateTime.of(1970, 1, 5, 0, 0);

  private static final int DAYS_OF_WEEK = 7;

  /** The longest period, in places of the grid: two weeks of minutes. */
  static final int LONGEST = 20_160;

  private static final Pattern KEPT =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2}T[\\d:.]{5,18}) (\\d{1,4}) (\\d{1,2}(?:,\\d{1,2})*|-) (\\d{1,12}) (\\d{1,5})"
              + " (\\d{1,5}-\\d{1,5}(?:,\\d{1,5}-\\d{1,5})*)(?:"
              + ClosedDays.KEPT
              + ")?");

  private final TimeGrid grid;
  private final int period;

  /** The places of a period at which rows come, ascending. */
  private final int[] open;

  private final SkippedPlaces skipped;

  TimeSlots(TimeGrid grid, int period, BitSet open) {
    this(grid, period, open.stream().toArray(), SkippedPlaces.NONE);
  }

  private TimeSlots(TimeGrid grid, int period, int[] open, SkippedPlaces skipped) {
    this.grid = grid;
    this.period = period;
    this.open = open;
    this.skipped = skipped;
  }

  /** Returns the same without some days; where rows are weeks or more apart, with them. */
  TimeSlots without(ClosedDays days) {
    boolean within = grid.isDaily() || grid.placesOfDay() > 1;
    if (!within || isEmpty() || days() >= DAYS_OF_WEEK) {
      return this;
    }
    var ranges = new ArrayList<SkippedPlaces.Range>();
    for (ClosedDays.Span day : days.spans()) {
      var range = new SkippedPlaces.Range(from(day.start()), from(day.end()));
      if (range.from() < range.to()) {
        ranges.add(range);
      }
    }
    return new TimeSlots(grid, period, open, new SkippedPlaces(ranges));
  }

  /** Returns the first place whose time is not before a time, of all places. */
  private long from(LocalDateTime time) {
    long place = floorOfAll(time);
    return atOfAll(place).equals(time) ? place : place + 1;
  }

  /** Returns all places of a grid. */
  static TimeSlots all(TimeGrid grid) {
    var open = new BitSet();
    open.set(0);
    return new TimeSlots(grid, 1, open);
  }

  /** Returns whether rows come at no time. */
  boolean isEmpty() {
    return open.length == 0;
  }

  /** Returns the time of a place, which may be below 0. */
  LocalDateTime at(long place) {
    return atOfAll(skipped.all(place));
  }

  private LocalDateTime atOfAll(long place) {
    long periods = Math.floorDiv(place, (long) open.length);
    int within = open[(int) Math.floorMod(place, (long) open.length)];
    return grid.at(Math.addExact(Math.multiplyExact(periods, (long) period), within));
  }

  /** Returns the last place whose time is not after a time. */
  long floor(LocalDateTime time) {
    return skipped.left(floorOfAll(time));
  }

  private long floorOfAll(LocalDateTime time) {
    long place = grid.floor(time);
    int found = Arrays.binarySearch(open, (int) Math.floorMod(place, (long) period));
    int last = found >= 0 ? found : -found - 2; // -1: in the period before
    return Math.floorDiv(place, (long) period) * open.length + last;
  }

  /** Returns whether rows come at a time. */
  boolean has(LocalDateTime time) {
    return at(floor(time)).equals(time);
  }

  /** Returns whether places are left out, or lie on several days of a month. */
  boolean isPattern() {
    return open.length < period || grid.days().size() > 1 || !skipped.isEmpty();
  }

  /** Returns the usual season in rows: a year of months, a week of days, a day of hours; or 1. */
  int season() {
    if (open.length == period) {
      return grid.season();
    }
    int day = grid.placesOfDay();
    if (day > 1) {
      long days = Arrays.stream(open).map(place -> place / day).distinct().count();
      boolean alike =
          Arrays.stream(open)
              .boxed()
              .collect(Collectors.groupingBy(place -> place / day, Collectors.counting()))
              .values()
              .stream()
              .allMatch(count -> count * days == open.length);
      return alike ? (int) (open.length / days) : open.length;
    }
    return open.length;
  }

  /** Returns the seasons in rows that such times may have, ascending. */
  List<Integer> seasons() {
    int day = grid.placesOfDay();
    int week = open.length == period ? 7 * day : day > 1 ? open.length : 0;
    return IntStream.of(season(), week)
        .filter(rows -> rows > 1)
        .distinct()
        .sorted()
        .boxed()
        .toList();
  }

  /** Returns the mean distance of two rows in days. */
  double days() {
    var start = atOfAll(0);
    long rows = 2L * open.length;
    return ChronoUnit.SECONDS.between(start, atOfAll(rows)) / 86_400.0 / rows;
  }

  /** Returns how rows come, in words. */
  String words() {
    return words(!skipped.isEmpty());
  }

  /** The same with or without holidays. */
  String words(boolean withoutHolidays) {
    var rest = new ArrayList<String>();
    if (open.length < period) {
      rest.add(
          grid.isDaily() && period == DAYS_OF_WEEK
              ? daysInWords()
              : String.format(
                  Locale.ROOT, "%d of %d places of %s", open.length, period, periodWords()));
    }
    if (withoutHolidays) {
      rest.add("without holidays");
    }
    return rest.isEmpty() ? grid.words() : grid.words() + " (" + String.join(", ", rest) + ")";
  }

  private String daysInWords() {
    List<String> names =
        Arrays.stream(open).mapToObj(i -> DayOfWeek.of(i + 1)).map(TimeSlots::name).toList();
    boolean run = open.length > 2 && open[open.length - 1] - open[0] == open.length - 1;
    return run ? names.getFirst() + " to " + names.getLast() : String.join(", ", names);
  }

  private static String name(DayOfWeek day) {
    return day.name().charAt(0) + day.name().substring(1).toLowerCase(Locale.ROOT);
  }

  private String periodWords() {
    if (grid.months() > 0) {
      return "a year";
    }
    int weeks = period / (7 * Math.max(1, grid.placesOfDay()));
    return weeks == 1 ? "a week" : weeks + " weeks";
  }

  /** Returns a text by which a model keeps the pattern. */
  String kept() {
    var ranges = new ArrayList<String>();
    for (int i = 0; i < open.length; ) {
      int end = i;
      while (end + 1 < open.length && open[end + 1] == open[end] + 1) {
        end++;
      }
      ranges.add(open[i] + "-" + open[end]);
      i = end + 1;
    }
    String days = grid.days().stream().map(Object::toString).collect(Collectors.joining(","));
    return String.format(
        Locale.ROOT,
        "%s %d %s %d %d %s%s",
        grid.start(),
        grid.months(),
        days.isEmpty() ? "-" : days,
        grid.step(),
        period,
        String.join(",", ranges),
        skipped.isEmpty() ? "" : ClosedDays.KEPT);
  }

  /**
   * Returns the pattern that a model keeps, with the holidays in it.
   *
   * @throws InputException if the text is none
   */
  static TimeSlots ofKept(String kept) {
    var matcher = KEPT.matcher(kept);
    try {
      if (matcher.matches()) {
        var start = LocalDateTime.parse(matcher.group(1));
        long months = Long.parseLong(matcher.group(2));
        String days = matcher.group(3);
        long step = Long.parseLong(matcher.group(4));
        int period = Integer.parseInt(matcher.group(5));
        var open = new BitSet();
        for (String range : matcher.group(6).split(",", -1)) {
          int dash = range.indexOf('-');
          int from = Integer.parseInt(range.substring(0, dash));
          open.set(from, Math.max(from, Integer.parseInt(range.substring(dash + 1))) + 1);
        }
        List<Integer> own =
            days.equals("-")
                ? List.of()
                : Arrays.stream(days.split(",", -1)).map(Integer::valueOf).toList();
        boolean monthly = months > 0 && step == 0 && !own.isEmpty();
        boolean ascending = true;
        for (int i = 0; i < own.size(); i++) {
          ascending &= own.get(i) > (i == 0 ? 0 : own.get(i - 1)) && own.get(i) <= 31;
        }
        if ((monthly || (months == 0 && step > 0 && own.isEmpty()))
            && ascending
            && period <= LONGEST
            && open.length() <= period) {
          var unit = monthly ? ChronoUnit.MONTHS : ChronoUnit.SECONDS;
          return new TimeSlots(new TimeGrid(start, months, own, step, unit), period, open);
        }
      }
    } catch (DateTimeException e) {
      // reported below
    }
    throw new InputException(
        "the model's pattern of times is damaged: «" + kept + "»", "Train it again.");
  }

  /**
   * Places of a pattern that are left out one by one, such as those of holidays; others move up.
   */
  private static final class SkippedPlaces {

    /** No place is left out. */
    static final SkippedPlaces NONE = new SkippedPlaces(List.of());

    /** The first place of each range. */
    private final long[] from;

    /** Of each range the place, among those that are left, of the first one after it. */
    private final long[] moved;

    /** How many places are left out before each range, and at last in all. */
    private final long[] before;

    /**
     * Some places.
     *
     * @param from the first
     * @param to the one after the last
     */
    record Range(long from, long to) {}

    /** Leaves out ranges, which are ascending and share no place. */
    SkippedPlaces(List<Range> ranges) {
      from = new long[ranges.size()];
      moved = new long[ranges.size()];
      before = new long[ranges.size() + 1];
      for (int i = 0; i < from.length; i++) {
        Range range = ranges.get(i);
        from[i] = range.from;
        moved[i] = range.from - before[i];
        before[i + 1] = before[i] + range.to - range.from;
      }
    }

    boolean isEmpty() {
      return from.length == 0;
    }

    /** Returns where the last place that is left, up to {@code all}, stands among those left. */
    long left(long all) {
      int ranges = upTo(from, all);
      return ranges == 0
          ? all
          : Math.max(all - before[ranges], moved[ranges - 1] - 1); // the latter within a range
    }

    /** Returns the place of all at which the one stands that is {@code left} of those left. */
    long all(long left) {
      return left + before[upTo(moved, left)];
    }

    /** Returns how many of some ascending numbers are not above one. */
    private static int upTo(long[] ascending, long number) {
      int low = 0;
      int high = ascending.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (ascending[middle] <= number) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }
}
