package dev.unroll.primitive;

import java.util.Arrays;
import java.util.Objects;

/** A growing list of longs. */
public final class LongList {

  private long[] values = new long[16];
  private int size;

  /** Returns a list of {@code values}. */
  public static LongList of(long... values) {
    var list = new LongList();
    for (long value : values) {
      list.add(value);
    }
    return list;
  }

  /** Adds a value at the end. */
  public void add(long value) {
    values = size < values.length ? values : Arrays.copyOf(values, Growth.next(size));
    values[size++] = value;
  }

  /** Returns the value at an index. */
  public long get(int index) {
    return values[Objects.checkIndex(index, size)];
  }

  /** Replaces the value at an index. */
  public void set(int index, long value) {
    values[Objects.checkIndex(index, size)] = value;
  }

  /** Returns the number of values. */
  public int size() {
    return size;
  }

  /** Returns a copy of the values. */
  public long[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
