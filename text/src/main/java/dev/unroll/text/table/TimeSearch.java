package dev.unroll.text.table;

import dev.unroll.base.InputException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rule by which times come: a step, or a pattern of a day, a week, some weeks, a month or
 * a year. Of all rules the one is taken that says the times in the fewest bits (Rissanen 1978):
 * those of the rule, and for each of its times whether there is a row.
 */
final class TimeSearch {

  /** Bits that a pattern must save; more where nobody asked for rows to be taken as they come. */
  private static final double MARGIN = 3;

  private static final double STRICT_MARGIN = 10;

  /** Bits of a pattern of week days: Monday to Friday, some days in a row, or any. */
  private static final double BUSINESS_DAYS = 2;

  private static final double DAYS_IN_A_ROW = 5;

  /** A place is of the pattern if rows come there at least one time in so many. */
  private static final int SELDOM = 4;

  /** Weeks of the longest pattern. */
  private static final int WEEKS = 4;

  private static final int DAYS = 7;

  /** Patterns are not searched in more places than this: 19 years of minutes. */
  private static final int LARGEST = 10_000_000;

  private final List<LocalDateTime> times;
  private final boolean asTheyCome;
  private final ClosedDays closed;
  private final LocalDateTime start;
  private final LocalDateTime end;
  private @Nullable TimeSlots best;
  private double least;

  /**
   * What was found.
   *
   * @param slots the rule, or null
   * @param bits how many bits it needs to say the times; infinite without a rule
   */
  record Found(@Nullable TimeSlots slots, double bits) {}

  private TimeSearch(List<LocalDateTime> times, boolean asTheyCome, ClosedDays closed) {
    this.times = times;
    this.asTheyCome = asTheyCome;
    this.closed = closed;
    start = times.getFirst();
    end = times.getLast();
    least = Double.POSITIVE_INFINITY;
  }

  /**
   * Returns the rule of ascending times, two or more.
   *
   * @param asTheyCome whether some times may be exceptions to a pattern
   * @param kept a rule that is known and needs no bits, or null
   * @param closed days that are left out of every rule
   */
  static Found pattern(
      List<LocalDateTime> times, boolean asTheyCome, @Nullable TimeSlots kept, ClosedDays closed) {
    var search = new TimeSearch(times, asTheyCome, closed);
    if (kept != null) {
      search.consider(kept, 0); // before others that say a few times as well: Tuesday to Friday
    }
    search.consider(TimeSlots.all(step(times)), 0);
    if (search.least > 0) {
      search.withoutRule();
      double margin = asTheyCome ? MARGIN : STRICT_MARGIN;
      search.daysOfMonths(margin);
      search.monthsOfYear(margin);
      search.placesOfWeeks(margin);
    }
    return new Found(search.best, search.least);
  }

  /** Returns the grid from the first time on whose step is the most frequent distance of two. */
  static TimeGrid step(List<LocalDateTime> times) {
    LocalDateTime start = times.getFirst();
    var days = daysOfMonth(times);
    boolean monthly = days.size() == 1;
    var unit = ChronoUnit.MONTHS;
    if (!monthly) {
      boolean fine = hasFractions(times);
      unit = fine ? ChronoUnit.NANOS : ChronoUnit.SECONDS;
      if (fine && Duration.between(start, times.getLast()).toDays() > 100_000) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "times of fractions of seconds over %,d years",
                Duration.between(start, times.getLast()).toDays() / 365),
            "Correct them, or number the rows ({time none}).");
      }
    }
    var counts = new TreeMap<Long, Integer>();
    for (int i = 1; i < times.size(); i++) {
      long distance =
          monthly
              ? months(times.get(i - 1), times.get(i))
              : unit.between(times.get(i - 1), times.get(i));
      counts.merge(distance, 1, Integer::sum);
    }
    long step = 0;
    for (var each : counts.entrySet()) {
      step = each.getValue() > counts.getOrDefault(step, 0) ? each.getKey() : step;
    }
    return monthly ? TimeGrid.ofMonths(start, step, days) : TimeGrid.ofSteps(start, step, unit);
  }

  private static boolean hasFractions(List<LocalDateTime> times) {
    return times.stream().anyMatch(time -> !time.truncatedTo(ChronoUnit.SECONDS).equals(time));
  }

  private static long months(LocalDateTime a, LocalDateTime b) {
    return ChronoUnit.MONTHS.between(YearMonth.from(a), YearMonth.from(b));
  }

  /**
   * Returns the days of a month on which times lie, 31 for its last one where all are that; empty
   * if they differ in the time of the day. The last day of a month stands for the largest of the
   * days if it has none.
   */
  private static List<Integer> daysOfMonth(List<LocalDateTime> times) {
    var time = times.getFirst().toLocalTime();
    int largest = times.stream().mapToInt(LocalDateTime::getDayOfMonth).max().orElse(0);
    var days = new TreeSet<Integer>();
    boolean ends = true;
    for (LocalDateTime each : times) {
      if (!each.toLocalTime().equals(time)) {
        return List.of();
      }
      boolean last = each.getDayOfMonth() == each.toLocalDate().lengthOfMonth();
      ends &= last;
      days.add(last ? largest : each.getDayOfMonth());
    }
    if (ends) {
      return List.of(31);
    }
    return List.copyOf(days);
  }

  /** Keeps a rule if it needs fewer bits than the best. */
  private void consider(TimeSlots rule, double ownBits) {
    TimeSlots slots = rule.without(closed);
    if (slots.isEmpty()) {
      return;
    }
    long on = times.stream().filter(slots::has).count();
    long off = times.size() - on;
    if (on == 0 || (off > 0 && (!asTheyCome || off * 20 > times.size()))) {
      return;
    }
    double places =
        Math.max(on, slots.floor(end) - slots.floor(start) + (slots.has(start) ? 1 : 0));
    double bits = ownBits + off * (log2(places + 1) + 2);
    double share = on / places;
    bits += share == 1 ? 0 : -on * log2(share) - (places - on) * log2(1 - share);
    if (bits < least) {
      best = slots;
      least = bits;
    }
  }

  /** To name each time is no rule, but a rule must need fewer bits. */
  private void withoutRule() {
    TimeSlots fitting = best;
    long step = commonStep();
    if (fitting == null && step > 0) {
      consider(TimeSlots.all(TimeGrid.ofSteps(start, step, ChronoUnit.SECONDS)), 0);
      best = null;
    }
  }

  /** Returns the most seconds of which all distances of times are multiples. */
  private long commonStep() {
    long step = 0;
    for (int i = 1; i < times.size(); i++) {
      step = gcd(step, ChronoUnit.SECONDS.between(times.get(i - 1), times.get(i)));
    }
    return step;
  }

  private static double log2(double value) {
    return StrictMath.log(value) / StrictMath.log(2);
  }

  /** Some days of each month, such as the first and the fifteenth. */
  private void daysOfMonths(double margin) {
    var days = daysOfMonth(times);
    if (days.size() > 1 && days.size() <= 4 && months(start, end) > 1) {
      consider(TimeSlots.all(TimeGrid.ofMonths(start, 1, days)), margin + 5 * days.size());
    }
  }

  /** Some months of each year, such as those of school. */
  private void monthsOfYear(double margin) {
    var days = daysOfMonth(times);
    if (days.size() != 1) {
      return;
    }
    long step = 0;
    for (int i = 1; i < times.size(); i++) {
      step = gcd(step, months(times.get(i - 1), times.get(i)));
    }
    if (12 % step == 0 && months(start, end) >= 12) {
      var grid = TimeGrid.ofMonths(start, step, days);
      int period = (int) (12 / step);
      var open = open(grid, period);
      consider(
          new TimeSlots(grid, period, open),
          margin + (isRun(open, period) ? DAYS_IN_A_ROW : period));
    }
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** Some places of each week, or of some weeks. */
  private void placesOfWeeks(double margin) {
    long step = commonStep();
    long day = Duration.ofDays(1).toSeconds();
    step = step > 0 && step % day == 0 ? day : step;
    boolean tooMany = step > 0 && ChronoUnit.SECONDS.between(start, end) / step > LARGEST;
    if (step < 60 || day % step != 0 || tooMany || hasFractions(times)) {
      return;
    }
    long phase = Math.floorMod(ChronoUnit.SECONDS.between(TimeSlots.MONDAY, start), step);
    var grid = TimeGrid.ofSteps(TimeSlots.MONDAY.plusSeconds(phase), step, ChronoUnit.SECONDS);
    int places = (int) (day / step);
    daysAndHours(grid, places, margin);
    long weeks = ChronoUnit.WEEKS.between(start, end);
    for (int k = 1; k <= WEEKS && k <= (weeks + 1) / 2; k++) {
      int period = k * DAYS * places;
      if (period <= TimeSlots.LONGEST) {
        consider(new TimeSlots(grid, period, open(grid, period)), margin + period);
      }
    }
  }

  /** The same places of some days of each week, such as every hour from nine to five. */
  private void daysAndHours(TimeGrid grid, int places, double margin) {
    var rows = new TreeMap<Long, Integer>();
    int[] atPlace = new int[places];
    for (LocalDateTime time : times) {
      long place = grid.floor(time);
      rows.merge(Math.floorDiv(place, (long) places), 1, Integer::sum);
      atPlace[(int) Math.floorMod(place, (long) places)]++;
    }
    var hours = new BitSet();
    IntStream.range(0, places)
        .filter(i -> atPlace[i] > 0 && SELDOM * (long) atPlace[i] >= rows.size())
        .forEach(hours::set);
    int[] there = new int[DAYS];
    int[] all = new int[DAYS];
    for (long date = rows.firstKey(); date <= rows.lastKey(); date++) {
      all[(int) Math.floorMod(date, (long) DAYS)]++;
    }
    rows.keySet().forEach(date -> there[(int) Math.floorMod(date, (long) DAYS)]++);
    boolean each = IntStream.range(0, DAYS).allMatch(i -> all[i] == 0 || there[i] > 0);
    var days = new BitSet();
    IntStream.range(0, DAYS)
        .filter(i -> all[i] == 0 ? each : there[i] > 0 && SELDOM * there[i] >= all[i])
        .forEach(days::set);
    var open = new BitSet();
    days.stream().forEach(d -> hours.stream().forEach(h -> open.set(d * places + h)));
    if (!open.isEmpty()) {
      double bits = margin + bitsOfDays(days) + bitsOfHours(hours, places);
      consider(new TimeSlots(grid, DAYS * places, open), bits);
    }
  }

  private static double bitsOfDays(BitSet days) {
    if (days.cardinality() == DAYS) {
      return 0;
    }
    boolean business = days.cardinality() == 5 && days.nextClearBit(0) == 5;
    return business ? BUSINESS_DAYS : isRun(days, DAYS) ? DAYS_IN_A_ROW : DAYS;
  }

  private static double bitsOfHours(BitSet hours, int places) {
    if (hours.cardinality() == places) {
      return 0;
    }
    return isRun(hours, places) ? Math.min(places, 2 * log2(places)) : places;
  }

  /** Returns whether the places that are set follow one another, the first after the last. */
  private static boolean isRun(BitSet set, int size) {
    return IntStream.range(0, size).filter(i -> set.get(i) != set.get((i + 1) % size)).count() <= 2;
  }

  /** Returns the places of a period at which rows come not too seldom. */
  private BitSet open(TimeGrid grid, int period) {
    int[] there = new int[period];
    int[] all = new int[period];
    times.forEach(time -> there[(int) Math.floorMod(grid.floor(time), (long) period)]++);
    long last = grid.floor(end);
    for (long place = grid.floor(start); place <= last; place++) {
      all[(int) Math.floorMod(place, (long) period)]++;
    }
    var open = new BitSet();
    IntStream.range(0, period)
        .filter(i -> there[i] > 0 && SELDOM * (long) there[i] >= all[i])
        .forEach(open::set);
    return open;
  }
}
