package dev.unroll.interop.onnx.op;

import dev.unroll.interop.onnx.graph.Attributes;
import dev.unroll.interop.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The windows that a convolution or pooling moves over a plane: the axes after batch and channel.
 *
 * @param shape how many windows there are along each axis
 * @param size elements of a window
 * @param sources for each window, one after the other, which element of the plane each of its
 *     elements is; {@link #PADDING} before and after the plane, {@link #BEYOND} where a window that
 *     rounding up has added goes past the padding
 */
record Windows(Shape shape, int size, int[] sources) {

  static final int PADDING = -1;
  static final int BEYOND = -2;

  /**
   * One axis.
   *
   * @param before the padding before the first element
   * @param end where the padding after the last element ends, counted from the first one
   * @param count how many windows there are
   */
  private record Axis(
      int length, int window, int stride, int dilation, long before, long end, int count) {

    /** Which element of the axis an element of a window is. */
    int source(int index, int element) {
      long place = (long) index * stride + (long) element * dilation - before;
      return place >= 0 && place < length ? (int) place : place < end ? PADDING : BEYOND;
    }
  }

  /**
   * Windows by the attributes of a node.
   *
   * @param plane the lengths of the axes
   * @param kernel the elements of a window along each axis
   */
  static Windows of(Attributes attributes, List<Integer> plane, List<Long> kernel) {
    int rank = plane.size();
    if (rank == 0 || kernel.size() != rank) {
      throw new IllegalArgumentException("windows of " + kernel + " on " + plane);
    }
    var axes = new ArrayList<Axis>();
    for (int i = 0; i < rank; i++) {
      axes.add(axis(attributes, rank, i, plane.get(i), kernel.get(i)));
    }
    return of(axes);
  }

  private static Axis axis(Attributes attributes, int rank, int i, int length, long kernel) {
    List<Long> strides = attributes.numbers("strides", Collections.nCopies(rank, 1L));
    List<Long> dilations = attributes.numbers("dilations", Collections.nCopies(rank, 1L));
    List<Long> pads = attributes.numbers("pads", Collections.nCopies(2 * rank, 0L));
    if (strides.size() != rank || dilations.size() != rank || pads.size() != 2 * rank) {
      throw new IllegalArgumentException(
          "for "
              + rank
              + " axes: strides "
              + strides
              + ", dilations "
              + dilations
              + ", pads "
              + pads);
    }
    int window = between(1, kernel);
    int stride = between(1, strides.get(i));
    int dilation = between(1, dilations.get(i));
    long extent = (window - 1L) * dilation + 1;
    long same = Math.max(0, (Math.ceilDiv(length, stride) - 1L) * stride + extent - length);
    String auto = attributes.text("auto_pad", "NOTSET");
    long before =
        switch (auto) {
          case "NOTSET" -> between(0, pads.get(i));
          case "VALID" -> 0;
          case "SAME_UPPER" -> same / 2;
          case "SAME_LOWER" -> same - same / 2;
          default -> throw new IllegalArgumentException("auto_pad is " + auto);
        };
    long after =
        auto.equals("NOTSET")
            ? between(0, pads.get(rank + i))
            : auto.equals("VALID") ? 0 : same - before;
    boolean up = attributes.number("ceil_mode", 0) != 0;
    long room = length + before + after - extent;
    long full = up ? Math.ceilDiv(room, (long) stride) : Math.floorDiv(room, (long) stride);
    long count = Math.max(0, full + 1);
    if (up && count > 0 && (count - 1) * stride >= length + before) {
      count--; // none begins in the padding after the end
    }
    return new Axis(length, window, stride, dilation, before, length + after, Axes.length(count));
  }

  private static int between(int least, long value) {
    if (value < least || value > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "of strides, dilations, pads and kernel one is " + value + ", must be at least " + least);
    }
    return (int) value;
  }

  /** Combines the windows of some axes with those of the next, one axis after the other. */
  private static Windows of(List<Axis> axes) {
    var windows = new Windows(Shape.of(), 1, new int[1]);
    for (Axis axis : axes) {
      windows = windows.times(axis);
    }
    return windows;
  }

  private Windows times(Axis axis) {
    int old = shape.size();
    int wide = Axes.length((long) size * axis.window);
    var lengths = new ArrayList<>(shape.axes());
    lengths.add(axis.count);
    var combined = new Shape(lengths);
    var table = new int[Elements.checked(Shape.of(combined.size(), wide))];
    for (int window = 0; window < old; window++) {
      for (int index = 0; index < axis.count; index++) {
        int to = (window * axis.count + index) * wide;
        for (int element = 0; element < size; element++) {
          int row = sources[window * size + element];
          for (int next = 0; next < axis.window; next++) {
            table[to++] = combined(row, axis.source(index, next), axis.length);
          }
        }
      }
    }
    return new Windows(combined, wide, table);
  }

  private static int combined(int row, int place, int length) {
    return row < 0 || place < 0 ? Math.min(row, place) : row * length + place;
  }
}
