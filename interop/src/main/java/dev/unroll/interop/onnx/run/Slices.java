package dev.unroll.interop.onnx.run;

import dev.unroll.interop.onnx.graph.Value;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

/** What loops take from tensors and put together, one slice a step. */
final class Slices {

  private Slices() {}

  /**
   * Returns an axis counted from 0.
   *
   * @throws IllegalArgumentException if there is none of that number
   */
  static int axis(long number, int rank) {
    if (number < -rank || number >= rank) {
      throw new IllegalArgumentException("axis " + number + " of a tensor of rank " + rank);
    }
    return (int) (number < 0 ? number + rank : number);
  }

  /**
   * Returns the length of an axis.
   *
   * @throws IllegalArgumentException if there is none of that number
   */
  static int length(Tensor tensor, int axis) {
    return tensor.shape().axis(axis(axis, tensor.shape().rank()));
  }

  /** Returns the slice at an index of an axis, without that axis. */
  static Tensor at(Tensor tensor, int axis, int index) {
    int length = tensor.shape().axis(axis);
    var axes = new ArrayList<>(tensor.shape().axes());
    axes.subList(axis, axis + 1).clear();
    var shape = new Shape(axes);
    int inner = inner(shape, axis);
    Object part = array(tensor.type(), shape.size());
    for (int outer = 0; outer * inner < shape.size(); outer++) {
      System.arraycopy(
          tensor.elements(), (outer * length + index) * inner, part, outer * inner, inner);
    }
    return Tensor.adopt(tensor.type(), shape, part);
  }

  /** Returns slices side by side along a new axis. */
  static Tensor stack(List<Tensor> parts, long axisNumber) {
    Tensor first = parts.getFirst();
    Shape shape = first.shape();
    int axis = axis(axisNumber, shape.rank() + 1);
    int count = parts.size();
    Shape all = with(shape, axis, count);
    int inner = inner(shape, axis);
    Object stacked = array(first.type(), all.size());
    for (int i = 0; i < count; i++) {
      Tensor part = parts.get(i);
      if (part.type() != first.type() || !part.shape().equals(shape)) {
        throw new IllegalArgumentException(
            "its steps compute tensors of different shapes: " + first + " and " + part);
      }
      for (int outer = 0; outer * inner < shape.size(); outer++) {
        System.arraycopy(
            part.elements(), outer * inner, stacked, (outer * count + i) * inner, inner);
      }
    }
    return Tensor.adopt(first.type(), all, stacked);
  }

  /** Returns what a loop without any step has collected: axes of unknown length are empty, too. */
  static Tensor empty(Value output, long axisNumber) {
    ElementType type = output.type() == null ? ElementType.FLOAT : output.type();
    List<String> declared = output.axes() == null ? List.of() : output.axes();
    var axes = new ArrayList<Integer>();
    for (String each : declared) {
      axes.add(each.matches("[0-9]{1,9}") ? Integer.parseInt(each) : 0);
    }
    Shape shape = with(new Shape(axes), axis(axisNumber, axes.size() + 1), 0);
    return Tensor.adopt(type, shape, array(type, 0));
  }

  private static Shape with(Shape shape, int axis, int length) {
    var axes = new ArrayList<>(shape.axes());
    axes.add(axis, length);
    return new Shape(axes);
  }

  /** The elements of a slice that lie side by side. */
  private static int inner(Shape slice, int axis) {
    return new Shape(slice.axes().subList(axis, slice.rank())).size();
  }

  private static Object array(ElementType type, int size) {
    return Array.newInstance(type.array().getComponentType(), size);
  }
}
