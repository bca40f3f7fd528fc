package dev.unroll.primitive;

import java.util.Arrays;

/** A growing list of doubles. */
public final class DoubleList {

  private double[] values = new double[16];
  private int size;

  /** Returns a list of {@code values}. */
  public static DoubleList of(double... values) {
    var list = new DoubleList();
    for (double value : values) {
      list.add(value);
    }
    return list;
  }

  /** Adds a value at the end. */
  public void add(double value) {
    values = size < values.length ? values : Arrays.copyOf(values, Growth.next(size));
    values[size++] = value;
  }

  /** Returns a copy of the values. */
  public double[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
