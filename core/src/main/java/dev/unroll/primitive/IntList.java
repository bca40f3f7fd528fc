package dev.unroll.primitive;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntUnaryOperator;

/** A growing list of ints. */
public final class IntList {

  private int[] values = new int[16];
  private int size;

  /** Returns a list of {@code values}. */
  public static IntList of(int... values) {
    var list = new IntList();
    list.addAll(values);
    return list;
  }

  /** Adds a value at the end. */
  public void add(int value) {
    values = size < values.length ? values : Arrays.copyOf(values, Growth.next(size));
    values[size++] = value;
  }

  /** Adds values at the end. */
  public void addAll(int... more) {
    for (int value : more) {
      add(value);
    }
  }

  /** Returns the value at an index. */
  public int get(int index) {
    return values[Objects.checkIndex(index, size)];
  }

  /** Replaces the value at an index. */
  public void set(int index, int value) {
    values[Objects.checkIndex(index, size)] = value;
  }

  /** Replaces each value by what {@code operator} makes of it. */
  public void replaceAll(IntUnaryOperator operator) {
    for (int i = 0; i < size; i++) {
      values[i] = operator.applyAsInt(values[i]);
    }
  }

  /** Returns the number of values. */
  public int size() {
    return size;
  }

  /** Returns a copy of the values. */
  public int[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
