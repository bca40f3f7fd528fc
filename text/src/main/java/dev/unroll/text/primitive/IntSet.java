package dev.unroll.text.primitive;

import java.util.Arrays;

/** A set of ints that are not negative. */
public final class IntSet {

  /** Each value plus one; 0 where there is none. */
  private int[] values = new int[4];

  private int size;

  /** Adds a value, unless it is there. */
  public void add(int value) {
    if (value < 0) {
      throw new IllegalArgumentException("a value must not be negative: " + value);
    }
    int place = place(value + 1);
    if (values[place] == 0) {
      values[place] = value + 1;
      if (++size > Hashing.most(values.length)) {
        grow();
      }
    }
  }

  private int place(int stored) {
    int mask = values.length - 1;
    int place = Hashing.mix(stored) & mask;
    while (values[place] != 0 && values[place] != stored) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private void grow() {
    int[] old = values;
    values = new int[2 * old.length];
    for (int stored : old) {
      if (stored != 0) {
        values[place(stored)] = stored;
      }
    }
  }

  /** Returns the values, the smallest first. */
  public int[] toSortedArray() {
    return Arrays.stream(values)
        .filter(stored -> stored != 0)
        .map(stored -> stored - 1)
        .sorted()
        .toArray();
  }
}
