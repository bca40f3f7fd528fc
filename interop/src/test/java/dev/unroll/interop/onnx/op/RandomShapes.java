package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Random shapes and tensors of all types, small and often odd: no axes, axes of 1, axes of 0. */
final class RandomShapes {

  private static final List<ElementType> WHOLE =
      List.of(
          ElementType.INT64,
          ElementType.INT32,
          ElementType.UINT8,
          ElementType.INT8,
          ElementType.INT16);

  private final Random random;
  private final Samples samples;

  RandomShapes(long seed) {
    random = new Random(seed);
    samples = new Samples(seed);
  }

  Samples samples() {
    return samples;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** A number of a range, both bounds included. */
  int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  /** True once in so many times. */
  boolean once(int in) {
    return random.nextInt(in) == 0;
  }

  @SafeVarargs
  final <T> T any(T... values) {
    return values[random.nextInt(values.length)];
  }

  /** A shape of some axes, of which few have no elements. */
  int[] shape(int leastRank, int mostRank) {
    int rank = between(leastRank, mostRank);
    return IntStream.range(0, rank).map(axis -> once(16) ? 0 : between(1, 4)).toArray();
  }

  /** A shape of some axes without empty ones. */
  int[] filled(int leastRank, int mostRank) {
    return IntStream.range(0, between(leastRank, mostRank)).map(axis -> between(1, 4)).toArray();
  }

  /** A shape that extends to another one: axes of 1, and none in front. */
  int[] narrower(int[] shape) {
    int dropped = once(3) ? below(shape.length + 1) : 0;
    return IntStream.range(dropped, shape.length).map(axis -> once(4) ? 1 : shape[axis]).toArray();
  }

  /** An axis, counted from the start or from the end. */
  long axis(int rank) {
    return between(-rank, rank - 1);
  }

  /** Some axes, each once, in any order, counted from the start or from the end. */
  List<Long> axes(int rank) {
    var all = new ArrayList<Long>();
    for (int axis = 0; axis < rank; axis++) {
      all.add((long) (once(3) ? axis - rank : axis));
    }
    Collections.shuffle(all, random);
    return List.copyOf(all.subList(0, rank == 0 ? 0 : between(1, rank)));
  }

  ElementType realType() {
    return any(ElementType.FLOAT, ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16);
  }

  ElementType wholeType() {
    return WHOLE.get(below(WHOLE.size()));
  }

  ElementType type() {
    return once(6) ? ElementType.BOOL : once(2) ? wholeType() : realType();
  }

  /** Values of a type: small integers, or reals up to 3. */
  Tensor tensor(ElementType type, int... shape) {
    if (type == ElementType.BOOL) {
      return samples.booleans(shape);
    }
    if (type.isFloating()) {
      return samples.reals(type, shape);
    }
    long least = type.name().startsWith("U") ? 0 : -5;
    return samples.integers(type, least, 5, shape);
  }

  /** Reals among which are some infinities, NaN and both zeros. */
  Tensor odd(ElementType type, int... shape) {
    Tensor plain = samples.doubles(shape);
    double[] values = plain.doubles();
    double[] rare = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -0.0, 1};
    for (int i = 0; i < values.length; i++) {
      values[i] = once(4) ? rare[below(rare.length)] : values[i];
    }
    return Casts.cast(Tensor.of(values, shape), type);
  }

  /** Indices below a length, or negative ones from its end. */
  Tensor indices(int length, int... shape) {
    return samples.integers(any(ElementType.INT64, ElementType.INT32), -length, length - 1, shape);
  }

  static Tensor list(List<Long> values) {
    return Samples.list(values.stream().mapToLong(Long::longValue).toArray());
  }
}
