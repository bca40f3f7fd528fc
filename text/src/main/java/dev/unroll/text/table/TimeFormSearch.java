package dev.unroll.text.table;

import dev.unroll.base.InputException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds how the times of a column are written, from all of them. Where a day and a month cannot be
 * told apart, the order of the rows and then their regularity decide; where these do not, the
 * column is refused and both readings are named.
 */
final class TimeFormSearch {

  private static final String FIX =
      "Write times as 1949, 1949-01, 1949-01-31 23:59, 31.01.1949, 1/31/1949, 1949Q1, Jan 1949 or seconds of"
          + " the epoch, or name another form by {time-format}, such as dd-MM-yyyy; {time NAME} names"
          + " another column, and {time none} says that rows have no time.";

  private final List<Table.Row> rows;
  private final int column;
  private final List<String> texts;

  /**
   * A reading of the column.
   *
   * @param pattern by which it is read
   * @param form the form of all of its times
   * @param times the times, up to the first that is none
   */
  private record Reading(TimePattern pattern, TimeForm form, List<LocalDateTime> times) {

    boolean ascends(List<String> ordered) {
      var own = times(ordered);
      for (int i = 1; i < own.size(); i++) {
        if (!own.get(i).isAfter(own.get(i - 1))) {
          return false;
        }
      }
      return true;
    }

    private List<LocalDateTime> times(List<String> texts) {
      return texts.stream()
          .map(form::time)
          .filter(Objects::nonNull)
          .map(TimeForm.Read::time)
          .toList();
    }

    /** Returns whether a rule says the times in less than a bit for each. */
    boolean isRegular(List<String> ordered) {
      var own = times(ordered);
      return ascends(ordered)
          && own.size() > 1
          && TimeSearch.pattern(own, false, null, ClosedDays.NONE).bits() < own.size();
    }
  }

  /** The texts of one series, whose times ascend. */
  private final List<String> ordered;

  private TimeFormSearch(List<Table.Row> rows, List<Table.Row> one, int column) {
    this.rows = rows;
    ordered = one.stream().map(row -> row.fields().get(column)).toList();
    this.column = column;
    texts = rows.stream().map(row -> row.fields().get(column)).toList();
  }

  /** Returns whether a text is a time in one of the usual forms. */
  static boolean isTime(String text) {
    return IsoTime.read(text) != null
        || TimeShapes.of(text.strip()).stream()
            .map(TimePattern::new)
            .anyMatch(pattern -> TimeForm.of(pattern, List.of()).read(text) != null);
  }

  /**
   * Returns how a column of times is written.
   *
   * @param one the rows of one series among them, in ascending order of time
   * @param pattern a pattern that is given, or null
   * @throws InputException if there is a text that is no time, or two readings are as good
   */
  static TimeForm find(
      List<Table.Row> rows, List<Table.Row> one, int column, @Nullable String pattern) {
    return new TimeFormSearch(rows, one, column).find(pattern);
  }

  private TimeForm find(@Nullable String given) {
    if (given != null) {
      return checked(TimeForm.of(new TimePattern(given), texts), "written as " + given);
    }
    var iso = IsoTime.read(texts.getFirst());
    if (iso != null) {
      return checked(TimeForm.of(iso.form(), texts), "written as those before");
    }
    var shapes = TimeShapes.of(texts.getFirst().strip());
    var readings = shapes.stream().map(TimePattern::new).map(this::reading).toList();
    var whole = readings.stream().filter(each -> each.times.size() == texts.size()).toList();
    if (whole.isEmpty()) {
      int furthest = readings.stream().mapToInt(each -> each.times.size()).max().orElse(0);
      throw notATime(furthest, furthest == 0 ? "" : " written as those before");
    }
    var best =
        preferred(
            preferred(different(whole), each -> each.ascends(ordered)),
            each -> each.isRegular(ordered));
    if (best.size() > 1) {
      throw ambiguous(best.get(0), best.get(1));
    }
    return best.getFirst().form;
  }

  private Reading reading(TimePattern pattern) {
    var form = TimeForm.of(pattern, texts);
    var times = new ArrayList<LocalDateTime>();
    for (String text : texts) {
      var read = form.read(text);
      if (read == null) {
        break;
      }
      times.add(read.time());
    }
    return new Reading(pattern, form, times);
  }

  private static List<Reading> different(List<Reading> all) {
    var seen = new HashSet<List<LocalDateTime>>();
    return all.stream().filter(each -> seen.add(each.times)).toList();
  }

  /** Returns those of which something holds; all, where it holds of none. */
  private static List<Reading> preferred(List<Reading> all, Predicate<Reading> quality) {
    var some = all.size() < 2 ? all : all.stream().filter(quality).toList();
    return some.isEmpty() ? all : some;
  }

  private TimeForm checked(TimeForm form, String how) {
    for (int i = 0; i < texts.size(); i++) {
      if (form.read(texts.get(i)) == null) {
        boolean other = IsoTime.read(texts.get(i)) != null || !how.endsWith("before");
        throw notATime(i, other ? " " + how : "");
      }
    }
    return form;
  }

  private InputException notATime(int row, String how) {
    return rows.get(row)
        .error(String.format(Locale.ROOT, "«%s» is not a time%s", texts.get(row), how), FIX);
  }

  private InputException ambiguous(Reading a, Reading b) {
    int place = 0;
    while (a.times.get(place).equals(b.times.get(place))) {
      place++;
    }
    return rows.get(place)
        .error(
            String.format(
                Locale.ROOT,
                "«%s» may be %s or %s",
                rows.get(place).fields().get(column),
                a.times.get(place).toLocalDate(),
                b.times.get(place).toLocalDate()),
            String.format(
                Locale.ROOT,
                "Say which: {time-format %s} or {time-format %s}.",
                a.pattern.padded(true, true).text().replace('u', 'y'),
                b.pattern.padded(true, true).text().replace('u', 'y')));
  }
}
