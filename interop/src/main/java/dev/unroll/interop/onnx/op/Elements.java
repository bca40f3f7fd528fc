package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.lang.reflect.Array;

/** Arrays of elements: new ones, bounded in size, and the values that each type can hold. */
final class Elements {

  /** The most elements of one result: a gigabyte of floats. */
  static final int MOST = 1 << 28;

  /** As many elements take half of the memory, if each takes as much as a double. */
  private static final long HALF_OF_MEMORY = Runtime.getRuntime().maxMemory() / Double.BYTES / 2;

  private Elements() {}

  /**
   * A new array for a tensor of this type and shape. All results of operators come from here.
   *
   * @throws IllegalArgumentException if the tensor would be larger than {@link #MOST} elements, or
   *     than half of the memory that this program has
   */
  static Object create(ElementType type, Shape shape) {
    return Array.newInstance(type.array().getComponentType(), checked(shape));
  }

  /** The number of elements, if there is room for as many. */
  static int checked(Shape shape) {
    int size = shape.size();
    if (size > MOST) {
      throw new IllegalArgumentException(
          "a result of " + size + " elements (" + shape + ") is more than " + MOST);
    }
    if (size > HALF_OF_MEMORY) {
      throw new IllegalArgumentException(
          "a result of "
              + size
              + " elements ("
              + shape
              + ") takes more than half of the memory; give Java more with -Xmx");
    }
    return size;
  }

  /** An array of floats for a tensor of this shape. */
  static float[] floats(Shape shape) {
    return (float[]) create(ElementType.FLOAT, shape);
  }

  /** An array of doubles for a tensor of this shape. */
  static double[] doubles(Shape shape) {
    return (double[]) create(ElementType.DOUBLE, shape);
  }

  /** An array of integers for a tensor of this shape. */
  static long[] longs(Shape shape) {
    return (long[]) create(ElementType.INT64, shape);
  }

  /** An array of truth values for a tensor of this shape. */
  static boolean[] booleans(Shape shape) {
    return (boolean[]) create(ElementType.BOOL, shape);
  }

  /** A tensor of one of the floating types, each element rounded to it. */
  static Tensor real(ElementType type, Shape shape, double[] values) {
    if (type == ElementType.DOUBLE) {
      return Tensor.adopt(type, shape, values);
    }
    float[] rounded = floats(shape);
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = round(type, values[i]);
    }
    return Tensor.adopt(type, shape, rounded);
  }

  /** A tensor of one of the floating types from floats, each element rounded to it. */
  static Tensor real(ElementType type, Shape shape, float[] values) {
    if (type != ElementType.FLOAT) {
      for (int i = 0; i < values.length; i++) {
        values[i] = round(type, values[i]);
      }
    }
    return Tensor.adopt(type, shape, values);
  }

  /** The number as an element of one of the types that are kept in floats. */
  static float round(ElementType type, double value) {
    float single = (float) value;
    return switch (type) {
      case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16(single));
      case BFLOAT16 -> upperHalf(single);
      default -> single;
    };
  }

  /** The nearest number with 8 bits of mantissa, the even one of two. */
  private static float upperHalf(float value) {
    if (Float.isNaN(value)) {
      return Float.NaN;
    }
    int bits = Float.floatToRawIntBits(value);
    int up = 0x7fff + (bits >>> 16 & 1);
    return Float.intBitsToFloat(bits + up & 0xffff0000);
  }

  /** The lowest bits of a number as an element of an integer type. */
  static long wrap(ElementType type, long value) {
    return switch (type) {
      case INT8 -> (byte) value;
      case UINT8 -> value & 0xff;
      case INT16 -> (short) value;
      case UINT16 -> value & 0xffff;
      case INT32 -> (int) value;
      case UINT32 -> value & 0xffff_ffffL;
      default -> value;
    };
  }

  /** The integer of a type that is nearest to a number. */
  static long nearest(ElementType type, double value) {
    return switch (type) {
      case INT8 -> (long) Math.clamp(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case UINT8 -> (long) Math.clamp(value, 0, 0xff);
      case INT16 -> (long) Math.clamp(value, Short.MIN_VALUE, Short.MAX_VALUE);
      case UINT16 -> (long) Math.clamp(value, 0, 0xffff);
      case INT32 -> (int) value;
      case UINT32 -> (long) Math.clamp(value, 0, 0xffff_ffffL);
      case UINT64 ->
          value < 0x1p63
              ? Math.max(0, (long) value)
              : value < 0x1p64 ? (long) (value - 0x1p63) + Long.MIN_VALUE : -1;
      default -> (long) value;
    };
  }

  /** Copies some elements at fixed distances from one array to another of the same class. */
  static void copy(Object from, int at, int stride, Object to, int target, int count) {
    if (stride == 1) {
      System.arraycopy(from, at, to, target, count);
    } else if (from instanceof float[] floats) {
      float[] copy = (float[]) to;
      for (int i = 0; i < count; i++) {
        copy[target + i] = floats[at + i * stride];
      }
    } else {
      for (int i = 0; i < count; i++) {
        System.arraycopy(from, at + i * stride, to, target + i, 1);
      }
    }
  }

  /** The wrong type for an operator. */
  static IllegalArgumentException unfit(ElementType type) {
    return new IllegalArgumentException("it is not defined for " + type.label());
  }
}
