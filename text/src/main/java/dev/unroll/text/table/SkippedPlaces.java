package dev.unroll.text.table;

import java.util.List;

/** Places of a pattern that are left out one by one, such as those of holidays; others move up. */
final class SkippedPlaces {

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
