package dev.unroll.kernel;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import java.util.Arrays;
import java.util.List;

/** Element-wise operations on rows: each element is computed on its own, so no order matters. */
public final class Rows {

  private Rows() {}

  /** Returns {@code space}, or a larger one where it has no room for {@code rows × width}. */
  public static float[] room(float[] space, int rows, int width) {
    int size = Math.multiplyExact(rows, width);
    return space.length < size ? new float[size] : space;
  }

  /**
   * Returns {@code space}, or a larger one where it has no room for {@code rows × width} from
   * {@link Matrix#ALIGNED} on.
   */
  public static float[] alignedRoom(float[] space, int rows, int width) {
    int size = Math.addExact(Matrix.ALIGNED, Math.multiplyExact(rows, width));
    return space.length < size ? new float[size] : space;
  }

  /** Returns {@code space}, or a larger one where it has no room for {@code rows × width}. */
  public static double[] room(double[] space, int rows, int width) {
    int size = Math.multiplyExact(rows, width);
    return space.length < size ? new double[size] : space;
  }

  /** Adds {@code count} elements: {@code y[to + i] += x[from + i]}. */
  public static void add(float[] x, int from, float[] y, int to, int count) {
    int i = Kernels.vector() ? VectorRows.add(x, from, y, to, count) : 0;
    for (; i < count; i++) {
      y[to + i] += x[from + i];
    }
  }

  /** Adds a multiple (axpy): {@code y[to + i] = fma(factor, x[from + i], y[to + i])}. */
  public static void addScaled(float factor, float[] x, int from, float[] y, int to, int count) {
    int i = Kernels.vector() ? VectorRows.addScaled(factor, x, from, y, to, count) : 0;
    for (; i < count; i++) {
      y[to + i] = Fma.fma(factor, x[from + i], y[to + i]);
    }
  }

  /** Adds products: {@code z[at + i] = fma(x[from + i], y[with + i], z[at + i])}. */
  public static void addProducts(
      float[] x, int from, float[] y, int with, float[] z, int at, int count) {
    int i = Kernels.vector() ? VectorRows.addProducts(x, from, y, with, z, at, count) : 0;
    for (; i < count; i++) {
      z[at + i] = Fma.fma(x[from + i], y[with + i], z[at + i]);
    }
  }

  /**
   * Replaces elements of row {@code into} by those of row {@code row} of {@code x} that are
   * greater.
   *
   * @param rows receives the row that each replaced element came from, at its place in {@code
   *     greatest} as if that began at 0 and had no gaps
   */
  public static void keepGreater(Matrix x, int row, Matrix greatest, int into, int[] rows) {
    int count = x.columns();
    int from = x.row(row);
    int to = greatest.row(into);
    int i = Kernels.vector() ? VectorRows.keepGreater(x, row, greatest, into, rows) : 0;
    for (; i < count; i++) {
      if (x.data()[from + i] > greatest.data()[to + i]) {
        greatest.data()[to + i] = x.data()[from + i];
        rows[into * count + i] = row;
      }
    }
  }

  /** Multiplies {@code count} elements from {@code from} on by {@code factor}. */
  public static void scale(float[] x, int from, int count, float factor) {
    for (int i = from; i < from + count; i++) {
      x[i] *= factor;
    }
  }

  /**
   * Returns {@code own} with the rows that are {@code chosen} as they are in {@code other}; both
   * are [rows][width].
   */
  public static float[] choose(float[] own, boolean[] chosen, float[] other) {
    float[] merged = own.clone();
    int width = own.length / chosen.length;
    for (int row = 0; row < chosen.length; row++) {
      if (chosen[row]) {
        System.arraycopy(other, row * width, merged, row * width, width);
      }
    }
    return merged;
  }

  /**
   * Copies {@code values} into each row of {@code target}, from row {@code from} up to {@code to}.
   */
  public static void broadcast(float[] values, int offset, Matrix target, int from, int to) {
    for (int row = from; row < to; row++) {
      System.arraycopy(values, offset, target.data(), target.row(row), target.columns());
    }
  }

  /**
   * Adds to {@code sums[offset + j]} the sum of column j of {@code source}, its rows in ascending
   * order. Threads share out the columns.
   */
  public static void addColumnSums(Matrix source, float[] sums, int offset, Workers workers) {
    workers.run(
        source.columns(),
        64,
        (from, to) -> {
          for (int row = 0; row < source.rows(); row++) {
            add(source.data(), source.row(row) + from, sums, offset + from, to - from);
          }
        });
  }

  /** Returns the elements of some arrays, one after another. */
  public static float[] join(List<float[]> parts) {
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  /** Returns one of {@code parts} equal parts. */
  public static float[] part(float[] all, int part, int parts) {
    int width = all.length / parts;
    return Arrays.copyOfRange(all, part * width, (part + 1) * width);
  }
}
