package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Weights of one direction in 8 bits.
 *
 * @param values what is left of each weight after its zero point is taken off, [columns][rows]: the
 *     weights of a gate's value one after the other
 * @param scales what a step of a weight is worth, one for each column or one for all
 * @param rows the number of inputs, or of units
 * @param columns the number of gates' values
 */
record QuantizedWeights(short[] values, float[] scales, int rows, int columns) {

  /** A row of numbers in 8 bits. */
  record Row(short[] values, float scale) {}

  /**
   * Reads the weights of all directions, [directions][rows][columns].
   *
   * @param name what the node's inputs are called: W or R
   * @throws IllegalArgumentException if a shape or a type is wrong
   */
  static List<QuantizedWeights> of(
      String name, Tensor weights, @Nullable Tensor scale, @Nullable Tensor zero) {
    if (weights.type() != ElementType.INT8 && weights.type() != ElementType.UINT8) {
      throw new IllegalArgumentException(
          name + " is of " + weights.type().label() + ", must be of int8 or uint8");
    }
    int directions = weights.shape().axis(0);
    int columns = weights.shape().axis(2);
    Tensor scales = Shapes.present(name + "_scale", scale);
    Shapes.checkType(name + "_scale", scales, ElementType.FLOAT);
    checkPerColumn(name + "_scale", scales, directions, columns);
    if (zero != null) {
      Shapes.checkType(name + "_zero_point", zero, weights.type());
      checkPerColumn(name + "_zero_point", zero, directions, columns);
    }
    return IntStream.range(0, directions).mapToObj(way -> of(weights, scales, zero, way)).toList();
  }

  private static void checkPerColumn(String name, Tensor tensor, int directions, int columns) {
    if (tensor.shape().rank() == 2) {
      Shapes.check(name, tensor, "directions×4·hidden", directions, columns);
    } else {
      Shapes.check(name, tensor, "directions", directions);
    }
  }

  private static QuantizedWeights of(
      Tensor weights, Tensor scales, @Nullable Tensor zero, int way) {
    int rows = weights.shape().axis(1);
    int columns = weights.shape().axis(2);
    var given = (long[]) weights.elements();
    var values = new short[rows * columns];
    for (int column = 0; column < columns; column++) {
      long none = zero == null ? 0 : ((long[]) zero.elements())[at(zero, way, column)];
      for (int row = 0; row < rows; row++) {
        long value = given[(way * rows + row) * columns + column];
        values[column * rows + row] = (short) (value - none);
      }
    }
    var own = new float[scales.shape().rank() == 2 ? columns : 1];
    for (int column = 0; column < own.length; column++) {
      own[column] = ((float[]) scales.elements())[at(scales, way, column)];
    }
    return new QuantizedWeights(values, own, rows, columns);
  }

  /** Where a column's number lies among those of all directions. */
  private static int at(Tensor tensor, int way, int column) {
    return tensor.shape().rank() == 2 ? way * tensor.shape().axis(1) + column : way;
  }

  /**
   * Rounds numbers to 8 bits, all on one scale that spans them and 0, as ONNX Runtime does.
   *
   * @return what is left of each after the scale's zero point is taken off, and the scale
   */
  static Row quantize(float[] numbers) {
    float least = 0;
    float most = 0;
    for (float number : numbers) {
      least = Math.min(least, number);
      most = Math.max(most, number);
    }
    float scale = most == least ? 1 : (most - least) / 255;
    int zero = (int) Math.rint(Math.max(0, Math.min(255, -least / scale)));
    var values = new short[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      int value = (int) Math.rint(numbers[i] / scale) + zero;
      values[i] = (short) (Math.max(0, Math.min(255, value)) - zero);
    }
    return new Row(values, scale);
  }

  /** Adds the product of a row, which begins at {@code at}, to {@code z}. */
  void addProduct(Row row, int at, double[] z) {
    for (int column = 0; column < columns; column++) {
      int sum = 0;
      int from = column * rows;
      for (int k = 0; k < rows; k++) {
        sum += row.values[at + k] * values[from + k];
      }
      z[column] += sum * (row.scale * scales[scales.length == 1 ? 0 : column]);
    }
  }
}
