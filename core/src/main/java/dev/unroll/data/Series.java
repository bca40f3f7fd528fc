package dev.unroll.data;

import dev.unroll.base.InputException;
import dev.unroll.file.Plural;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Measurements in time: rows one time step apart, in ascending order of time.
 *
 * @param name its name in messages, such as its file
 * @param columns names of the columns
 * @param rows the numbers of each row; NaN if unknown
 */
public record Series(String name, List<String> columns, double[][] rows) {

  /** The largest allowed number: its square is finite, and so is the sum of many squares. */
  public static final double LARGEST = 1e150;

  /** Checks that all rows have all columns, and that no number is too large. */
  public Series {
    columns = List.copyOf(columns);
    for (int r = 0; r < rows.length; r++) {
      if (rows[r].length != columns.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT, "%d numbers in a row of %d columns", rows[r].length, columns.size()));
      }
      for (int c = 0; c < rows[r].length; c++) {
        if (Math.abs(rows[r][c]) > LARGEST) {
          throw new InputException(
              String.format(
                  Locale.ROOT,
                  "%s: row %,d has %s in column %s, beyond ±%s",
                  name,
                  r + 1,
                  rows[r][c],
                  columns.get(c),
                  LARGEST),
              "Correct it, or give the column in other units.");
        }
      }
    }
  }

  /** Whether name, columns and all numbers are the same; NaN is the same as NaN. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Series that
        && name.equals(that.name)
        && columns.equals(that.columns)
        && Arrays.deepEquals(rows, that.rows);
  }

  @Override
  public int hashCode() {
    return 31 * columns.hashCode() + Arrays.deepHashCode(rows);
  }

  /** Returns such as {@code load.csv: 8,760 rows of [price, load]}. */
  @Override
  public String toString() {
    return name + ": " + Plural.of(rows.length, "row") + " of " + columns;
  }

  /** Returns the number of rows. */
  public int size() {
    return rows.length;
  }

  /**
   * Returns the index of a column.
   *
   * @throws InputException if there is none of that name
   */
  public int column(String wanted) {
    int place = columns.indexOf(wanted);
    if (place < 0) {
      throw new InputException(
          String.format(Locale.ROOT, "%s: there is no column %s among %s", name, wanted, columns),
          "Give a series with the columns that the model was trained on.");
    }
    return place;
  }

  /** Returns the same series with only the given columns, in that order. */
  public Series select(List<String> wanted) {
    int[] places = wanted.stream().mapToInt(this::column).toArray();
    double[][] chosen = new double[rows.length][wanted.size()];
    for (int r = 0; r < rows.length; r++) {
      for (int c = 0; c < places.length; c++) {
        chosen[r][c] = rows[r][places[c]];
      }
    }
    return new Series(name, wanted, chosen);
  }

  /** Returns the rows from {@code from} up to {@code to}. */
  public Series rows(int from, int to) {
    return new Series(name, columns, Arrays.copyOfRange(rows, from, to));
  }

  /** A series and the times of its rows, and of those after them. */
  public interface Timed {

    /** Returns the numbers. */
    Series series();

    /**
     * Returns how the time of a row is written; its number, from 1, where rows have no time.
     *
     * @throws dev.unroll.base.InputException if it is not known
     */
    String label(int row);

    /**
     * Returns the time of a row as clocks show it there, where rows have times.
     *
     * @throws dev.unroll.base.InputException if it is not known
     */
    Optional<LocalDateTime> time(int row);

    /** Returns a series whose rows have no times. */
    static Timed of(Series series) {
      return new Timed() {
        @Override
        public Series series() {
          return series;
        }

        @Override
        public String label(int row) {
          return Integer.toString(row + 1);
        }

        @Override
        public Optional<LocalDateTime> time(int row) {
          return Optional.empty();
        }
      };
    }
  }
}
