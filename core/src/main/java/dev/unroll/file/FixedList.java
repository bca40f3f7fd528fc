package dev.unroll.file;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.IntFunction;

/**
 * A list that cannot be changed, over an array of numbers that nobody changes any more: results
 * give such out, so that no array of theirs can be written to, and no number takes an object.
 *
 * @param <E> the numbers
 */
public final class FixedList<E> extends AbstractList<E> implements RandomAccess {

  private final int size;
  private final IntFunction<E> elements;

  private FixedList(int size, IntFunction<E> elements) {
    this.size = size;
    this.elements = elements;
  }

  /** Returns the numbers of an array, which is given away. */
  public static List<Integer> of(int[] array) {
    return new FixedList<>(array.length, i -> array[i]);
  }

  /** Returns the numbers of an array, which is given away. */
  public static List<Double> of(double[] array) {
    return new FixedList<>(array.length, i -> array[i]);
  }

  /** Returns the numbers of an array, which is given away. */
  public static List<Float> of(float[] array) {
    return new FixedList<>(array.length, i -> array[i]);
  }

  /** Returns a list as it is where it cannot change; otherwise a copy. */
  public static <E> List<E> copyOf(List<E> list) {
    return list instanceof FixedList<E> ? list : List.copyOf(list);
  }

  @Override
  public E get(int index) {
    return elements.apply(index);
  }

  @Override
  public int size() {
    return size;
  }
}
