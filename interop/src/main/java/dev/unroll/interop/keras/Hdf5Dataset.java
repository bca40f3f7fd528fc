package dev.unroll.interop.keras;

import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import io.jhdf.object.datatype.FloatingPoint;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * Numbers in an HDF5 file, which are copied only when they are asked for.
 *
 * @param name where it stands, with the file, for messages
 * @param shape the lengths of its axes
 * @param width the bytes of a number: 2, 4 or 8
 * @param bytes the numbers, in their order of bytes
 */
record Hdf5Dataset(String name, Shape shape, int width, ByteBuffer bytes) {

  /**
   * Describes numbers that lie in the file one after another.
   *
   * @param axes as the file says them
   * @throws InputException if it has no such numbers, or not so many bytes
   */
  static Hdf5Dataset of(String name, int[] axes, FloatingPoint type, ByteBuffer bytes) {
    int width = type.getSize();
    long count = 1;
    for (int axis : axes) {
      if (axis < 0 || (axis > 0 && count > Shape.MOST_ELEMENTS / axis)) {
        throw InputException.in(name, "has more numbers than memory can hold", Hdf5File.FIX);
      }
      count *= axis;
    }
    if (!isUsual(type) || count * width != bytes.remaining()) {
      throw InputException.in(
          name,
          String.format(
              Locale.ROOT,
              "%,d numbers of %d bits are not %,d bytes",
              count,
              width * 8L,
              bytes.remaining()),
          Hdf5File.FIX);
    }
    return new Hdf5Dataset(name, Shape.of(axes), width, bytes.order(type.getByteOrder()));
  }

  /** Whether it is one of the three formats of IEEE 754. */
  private static boolean isUsual(FloatingPoint type) {
    int exponent =
        switch (type.getSize()) {
          case 2 -> 5;
          case 4 -> 8;
          case 8 -> 11;
          default -> -1;
        };
    int bits = type.getSize() * 8;
    return type.getExponentSize() == exponent
        && type.getMantissaSize() == bits - 1 - exponent
        && type.getMantissaLocation() == 0
        && type.getBitOffset() == 0
        && type.getBitPrecision() == bits
        && type.getSignLocation() == bits - 1
        && type.getExponentBias() == (1 << (exponent - 1)) - 1;
  }

  /** Copies the numbers. */
  Tensor tensor() {
    ByteBuffer own = bytes.duplicate().order(bytes.order());
    if (width == Double.BYTES) {
      var doubles = new double[shape.size()];
      own.asDoubleBuffer().get(doubles);
      return Tensor.adopt(ElementType.DOUBLE, shape, doubles);
    }
    var floats = new float[shape.size()];
    if (width == Float.BYTES) {
      own.asFloatBuffer().get(floats);
      return Tensor.adopt(ElementType.FLOAT, shape, floats);
    }
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Float.float16ToFloat(own.getShort());
    }
    return Tensor.adopt(ElementType.FLOAT16, shape, floats);
  }
}
