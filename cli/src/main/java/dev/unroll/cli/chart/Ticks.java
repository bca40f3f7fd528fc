package dev.unroll.cli.chart;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The values of an axis that are named: round numbers, and beginnings of hours, days, months. */
final class Ticks {

  /** A step between ticks of time, and how these are written. */
  private record Step(ChronoUnit unit, int count, String pattern) {
    double millis() {
      return (double) unit.getDuration().toMillis() * count;
    }

    /** Returns the last tick that is not after {@code time}. */
    LocalDateTime floor(LocalDateTime time) {
      LocalDateTime day = time.truncatedTo(ChronoUnit.DAYS);
      return switch (unit) {
        case YEARS -> day.withDayOfYear(1).withYear(Math.floorDiv(day.getYear(), count) * count);
        case MONTHS ->
            day.withDayOfMonth(1).withMonth((day.getMonthValue() - 1) / count * count + 1);
        case DAYS -> day.minusDays(Math.floorMod(day.toLocalDate().toEpochDay(), count));
        case HOURS -> day.withHour(time.getHour() / count * count);
        case MINUTES -> day.withHour(time.getHour()).withMinute(time.getMinute() / count * count);
        default ->
            day.withHour(time.getHour())
                .withMinute(time.getMinute())
                .withSecond(time.getSecond() / count * count);
      };
    }
  }

  private static final List<Step> STEPS = steps();

  private Ticks() {}

  private static List<Step> steps() {
    var steps = new ArrayList<Step>();
    for (int seconds : new int[] {1, 5, 15, 30}) {
      steps.add(new Step(ChronoUnit.SECONDS, seconds, "HH:mm:ss"));
    }
    for (int minutes : new int[] {1, 5, 15, 30}) {
      steps.add(new Step(ChronoUnit.MINUTES, minutes, "d MMM HH:mm"));
    }
    for (int hours : new int[] {1, 3, 6, 12}) {
      steps.add(new Step(ChronoUnit.HOURS, hours, "d MMM HH:mm"));
    }
    for (int days : new int[] {1, 2, 7, 14}) {
      steps.add(new Step(ChronoUnit.DAYS, days, "d MMM yyyy"));
    }
    for (int months : new int[] {1, 3, 6}) {
      steps.add(new Step(ChronoUnit.MONTHS, months, "MMM yyyy"));
    }
    for (int years : new int[] {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}) {
      steps.add(new Step(ChronoUnit.YEARS, years, "uuuu"));
    }
    return steps;
  }

  /** Returns multiples of 1, 2 or 5 times a power of ten. */
  static List<Tick> numbers(double least, double most, int count) {
    double wanted = (most - least) / Math.max(1, count);
    int power = (int) Math.floor(Math.log10(wanted));
    double ten = Math.pow(10, power);
    double share = wanted / ten;
    int digit = share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10;
    double step = digit * ten;
    int decimals = Math.max(0, digit == 10 ? -power - 1 : -power);
    var ticks = new ArrayList<Tick>();
    for (long i = (long) Math.ceil(least / step - 1e-9); i <= most / step + 1e-9; i++) {
      double value = i * step;
      ticks.add(
          new Tick(
              value,
              decimals > 6
                  ? String.format(Locale.ROOT, "%.1e", value)
                  : String.format(Locale.ROOT, "%,." + decimals + "f", value).replace('-', '−')));
    }
    return ticks;
  }

  /** Returns powers of ten; where these are few, 2 and 5 times them, too. */
  static List<Tick> logarithms(double least, double most, int count) {
    double decades = Math.log10(most / least);
    if (decades < 0.5) {
      return numbers(least, most, count);
    }
    int[] digits = decades < 2 ? new int[] {1, 2, 5} : new int[] {1};
    int every = (int) Math.ceil(decades / Math.max(1, count));
    int first = (int) Math.floor(Math.log10(least) + 1e-9);
    int last = (int) Math.floor(Math.log10(most) + 1e-9);
    boolean plain = first >= -4 && last < 6;
    var ticks = new ArrayList<Tick>();
    for (int power = first; power <= last; power++) {
      for (int digit : digits) {
        double value = digit * Math.pow(10, power);
        boolean inside = value >= least * (1 - 1e-9) && value <= most * (1 + 1e-9);
        if (inside && Math.floorMod(power, every) == 0) {
          ticks.add(new Tick(value, plain ? plain(value, power) : power(digit, power)));
        }
      }
    }
    return ticks;
  }

  private static String plain(double value, int power) {
    return String.format(Locale.ROOT, "%,." + Math.max(0, -power) + "f", value);
  }

  private static String power(int digit, int power) {
    var text = new StringBuilder(digit == 1 ? "10" : digit + "·10");
    for (char each : String.valueOf(power).toCharArray()) {
      text.append(each == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(each - '0'));
    }
    return text.toString();
  }

  /** Returns beginnings of seconds to years; {@code least} and {@code most} in milliseconds. */
  static List<Tick> times(double least, double most, int count) {
    double wanted = (most - least) / Math.max(1, count);
    Step step =
        STEPS.stream().filter(each -> each.millis() >= wanted).findFirst().orElse(STEPS.getLast());
    var format = DateTimeFormatter.ofPattern(step.pattern, Locale.ENGLISH);
    var ticks = new ArrayList<Tick>();
    LocalDateTime time = step.floor(time(least));
    while (millis(time) <= most) {
      if (millis(time) >= least) {
        ticks.add(new Tick(millis(time), format.format(time)));
      }
      time = time.plus(step.count, step.unit);
    }
    return ticks;
  }

  private static LocalDateTime time(double millis) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli((long) millis), ZoneOffset.UTC);
  }

  private static double millis(LocalDateTime time) {
    return time.toInstant(ZoneOffset.UTC).toEpochMilli();
  }
}
