package dev.unroll.data;

import java.time.LocalDateTime;
import java.util.Optional;

/** A series and the times of its rows, and of those after them. */
public interface TimedSeries {

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
  static TimedSeries of(Series series) {
    return new TimedSeries() {
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
