package dev.unroll.cli.forecast;

import dev.unroll.base.InputException;
import dev.unroll.text.table.SeriesTable;
import java.util.Optional;
import java.util.regex.Pattern;

/** Some rows of a series: {@code FROM..TO}, each a number from 1, a share, a time or nothing. */
record RowRange(String from, String to) {

  /** What the option that takes one says. */
  static final String DESCRIPTION =
      "Rows FROM..TO, both included: numbers from 1, shares such as 80%% or times such as 1958-12,"
          + " all of that month; leave one side out for the first or last row";

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
  private static final Pattern SHARE = Pattern.compile("\\d{1,3}(\\.\\d+)?%");

  /** Reads what an option says. */
  static RowRange of(String text) {
    int dots = text.indexOf("..");
    if (dots < 0) {
      throw new InputException("--rows is " + text, "Write FROM..TO, such as 1..8640 or 1958-01..");
    }
    return new RowRange(text.substring(0, dots), text.substring(dots + 2));
  }

  /**
   * The rows of a series up to the last one of a range.
   *
   * @param table the rows, those before the range among them
   * @param first the first row of the range, from 0
   */
  record Part(SeriesTable table, int first) {

    /** Returns the rows of the range. */
    SeriesTable rows() {
      return table.rows(first, table.size());
    }
  }

  /** Finds both ends in a whole series: a share is one of all its rows. */
  Part of(SeriesTable table) {
    int first = from.isEmpty() ? 0 : place(from, table, false);
    int end = to.isEmpty() ? table.size() : place(to, table, true);
    if (end <= first) {
      throw new InputException(
          "%s: --rows %s..%s leaves no row of %,d".formatted(table.title(), from, to, table.size()),
          "Let the last come after the first.");
    }
    return new Part(table.rows(0, end), first);
  }

  /**
   * Returns the rows behind a range that begins with the first row; nothing where it begins later,
   * has no end, or ends with a time, which only a file can tell from the next.
   */
  Optional<String> rest() {
    if (!from.isEmpty() || to.length() == 4) { // four digits may be a year
      return Optional.empty();
    }
    return SHARE.matcher(to).matches() && !to.startsWith("100")
        ? Optional.of(to + "..")
        : NUMBER.matcher(to).matches()
            ? Optional.of(Long.parseLong(to) + 1 + "..")
            : Optional.empty();
  }

  private static int place(String text, SeriesTable table, boolean last) {
    int size = table.size();
    long place;
    if (SHARE.matcher(text).matches()) {
      place = Math.round(size * Double.parseDouble(text.substring(0, text.length() - 1)) / 100);
    } else if (NUMBER.matcher(text).matches() && (text.length() != 4 || !table.isOfYears())) {
      place = Long.parseLong(text) - (last ? 0 : 1);
    } else {
      place = table.rowOf(text, last);
    }
    if (place < 0 || place > size) {
      throw new InputException(
          "%s: --rows names row %s of %,d".formatted(table.title(), text, size),
          "Name rows that the file has.");
    }
    return (int) place;
  }
}
