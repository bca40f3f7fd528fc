package dev.unroll.interop.tensor;

import java.util.Random;

/** Tensors for tests. */
public final class TestTensors {

  private TestTensors() {}

  /** A tensor of random elements of any type. */
  public static Tensor random(ElementType type, long seed, int... axes) {
    var random = new Random(seed);
    Shape shape = Shape.of(axes);
    int size = shape.size();
    Object elements =
        switch (type) {
          case DOUBLE -> random.doubles(size, -1, 1).toArray();
          case BOOL -> {
            var flags = new boolean[size];
            for (int i = 0; i < size; i++) {
              flags[i] = random.nextBoolean();
            }
            yield flags;
          }
          case STRING -> {
            var texts = new String[size];
            for (int i = 0; i < size; i++) {
              texts[i] = "é" + random.nextInt(1000);
            }
            yield texts;
          }
          case FLOAT, FLOAT16, BFLOAT16 -> {
            var floats = new float[size];
            for (int i = 0; i < size; i++) {
              floats[i] = ElementBytes.rounded(random.nextFloat() * 2 - 1, type);
            }
            yield floats;
          }
          case UINT8, UINT16, UINT32 -> random.longs(size, 0, 256).toArray();
          case INT8, INT16, INT32 -> random.longs(size, -128, 128).toArray();
          default -> random.longs(size).toArray();
        };
    return Tensor.adopt(type, shape, elements);
  }

  /** Random floats. */
  public static Tensor floats(long seed, int... axes) {
    return random(ElementType.FLOAT, seed, axes);
  }
}
