package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.Random;

/** Random tensors, the same in each run. */
final class Samples {

  private final Random random;

  Samples(long seed) {
    random = new Random(seed);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Normal deviates, twice as far. */
  Tensor floats(int... axes) {
    return reals(ElementType.FLOAT, axes);
  }

  Tensor doubles(int... axes) {
    return reals(ElementType.DOUBLE, axes);
  }

  Tensor reals(ElementType type, int... axes) {
    return Casts.cast(between(-3, 3, axes), type);
  }

  /** Doubles of a range. */
  Tensor between(double least, double most, int... axes) {
    var values = new double[Shape.of(axes).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = least + (most - least) * random.nextDouble();
    }
    return Tensor.of(values, axes);
  }

  Tensor floatsBetween(double least, double most, int... axes) {
    return Casts.cast(between(least, most, axes), ElementType.FLOAT);
  }

  /** Integers of a range, both bounds included. */
  Tensor integers(ElementType type, long least, long most, int... axes) {
    var values = new long[Shape.of(axes).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = least + (long) (random.nextDouble() * (most - least + 1));
    }
    return Tensor.adopt(type, Shape.of(axes), values);
  }

  Tensor longs(long least, long most, int... axes) {
    return integers(ElementType.INT64, least, most, axes);
  }

  Tensor booleans(int... axes) {
    return Casts.cast(longs(0, 1, axes), ElementType.BOOL);
  }

  static Tensor list(long... values) {
    return Tensor.of(values, values.length);
  }

  static Tensor scalar(long value) {
    return Tensor.of(new long[] {value});
  }

  static Tensor scalar(float value) {
    return Tensor.of(new float[] {value});
  }

  static Tensor texts(String... values) {
    return Tensor.adopt(ElementType.STRING, Shape.of(values.length), values);
  }
}
