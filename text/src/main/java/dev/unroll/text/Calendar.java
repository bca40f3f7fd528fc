package dev.unroll.text;

import dev.unroll.base.Labeled;
import dev.unroll.store.ModelSays;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Columns that are known of any time: where it stands in the day, the week, the month or the year,
 * each as sine and cosine, so that the end lies next to the beginning; and whether people work.
 */
public enum Calendar implements Labeled {
  /** The time of the day. */
  HOUR,
  /** The day of the week. */
  WEEKDAY,
  /** The day of the month. */
  DAY,
  /** The month of the year. */
  MONTH,
  /** The day of the year. */
  YEARDAY,
  /** 1 from Monday to Friday, except for holidays; otherwise 0. */
  BUSINESS,
  /** 1 on holidays, otherwise 0. */
  HOLIDAY;

  private boolean isCircle() {
    return this != BUSINESS && this != HOLIDAY;
  }

  /** Returns the one that an option names. */
  public static Calendar of(String label) {
    return Labeled.of(
        values(),
        label,
        "the calendar has no ",
        "Use hour, weekday, day, month, yearday, business or holiday.");
  }

  /** Returns those that a model keeps, between commas. */
  public static List<Calendar> parts(String kept, String field) {
    return kept.isEmpty()
        ? List.of()
        : ModelSays.read(field, () -> Arrays.stream(kept.split(",")).map(Calendar::of).toList());
  }

  /** Returns the names of the columns of some. */
  public static List<String> columns(List<Calendar> some) {
    var names = new ArrayList<String>();
    for (Calendar each : some) {
      names.addAll(
          each.isCircle()
              ? List.of(each.label() + ".sin", each.label() + ".cos")
              : List.of(each.label()));
    }
    return names;
  }

  /** Returns of which of up to 31 classes a time is: its hour, its day of the week, its month. */
  public int classOf(LocalDateTime time) {
    return switch (this) {
      case HOUR -> time.getHour();
      case WEEKDAY -> time.getDayOfWeek().getValue() - 1;
      case DAY -> time.getDayOfMonth() - 1;
      case MONTH, YEARDAY -> time.getMonthValue() - 1;
      case BUSINESS, HOLIDAY -> time.getDayOfWeek().getValue() > 5 ? 0 : 1;
    };
  }

  /** Returns how many days pass until it comes again. */
  public int days() {
    return switch (this) {
      case HOUR -> 1;
      case WEEKDAY, BUSINESS, HOLIDAY -> 7;
      case DAY -> 31;
      case MONTH, YEARDAY -> 366;
    };
  }

  /** Returns where a time stands, in [0, 1). */
  private double place(LocalDateTime time) {
    double day = time.toLocalTime().toSecondOfDay() / 86_400.0;
    return switch (this) {
      case HOUR -> day;
      case WEEKDAY -> (time.getDayOfWeek().getValue() - 1 + day) / 7;
      case DAY -> (time.getDayOfMonth() - 1 + day) / time.toLocalDate().lengthOfMonth();
      case MONTH -> (time.getMonthValue() - 1) / 12.0;
      case YEARDAY -> (time.getDayOfYear() - 1 + day) / time.toLocalDate().lengthOfYear();
      case BUSINESS, HOLIDAY -> 0;
    };
  }

  /** Writes the numbers of a time from {@code at} on. */
  public static void write(
      List<Calendar> some, LocalDateTime time, Set<LocalDate> holidays, double[] row, int at) {
    boolean holiday = holidays.contains(time.toLocalDate());
    int place = at;
    for (Calendar each : some) {
      switch (each) {
        case HOLIDAY -> row[place++] = holiday ? 1 : 0;
        case BUSINESS -> row[place++] = holiday || time.getDayOfWeek().getValue() > 5 ? 0 : 1;
        default -> {
          double angle = 2 * Math.PI * each.place(time);
          row[place++] = StrictMath.sin(angle);
          row[place++] = StrictMath.cos(angle);
        }
      }
    }
  }
}
