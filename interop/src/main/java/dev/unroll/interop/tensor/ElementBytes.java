package dev.unroll.interop.tensor;

import java.nio.ByteBuffer;

/** The elements of tensors as the bytes that files have: one after the other, without gaps. */
public final class ElementBytes {

  private ElementBytes() {}

  /**
   * Returns how many bytes an element takes in a file.
   *
   * @throws IllegalArgumentException if it is text, which differs in length
   */
  public static int width(ElementType type) {
    return switch (type) {
      case INT8, UINT8, BOOL -> 1;
      case FLOAT16, BFLOAT16, INT16, UINT16 -> 2;
      case FLOAT, INT32, UINT32 -> 4;
      case DOUBLE, INT64, UINT64 -> 8;
      case STRING, SEQUENCE ->
          throw new IllegalArgumentException(type.label() + " has no one length");
    };
  }

  /** Returns how many bytes an element takes in memory, about so many for text. */
  public static int widthInMemory(ElementType type) {
    return switch (type) {
      case FLOAT, FLOAT16, BFLOAT16 -> Float.BYTES;
      case BOOL -> 1;
      case STRING -> 64;
      default -> Long.BYTES;
    };
  }

  /**
   * Reads a tensor whose elements begin at the buffer's position, in its byte order.
   *
   * @throws java.nio.BufferUnderflowException if there are fewer
   */
  public static Tensor read(ByteBuffer bytes, ElementType type, Shape shape) {
    return Tensor.adopt(type, shape, elements(bytes, type, shape.size()));
  }

  private static Object elements(ByteBuffer bytes, ElementType type, int size) {
    return switch (type) {
      case FLOAT -> {
        var floats = new float[size];
        bytes.asFloatBuffer().get(floats);
        yield floats;
      }
      case DOUBLE -> {
        var doubles = new double[size];
        bytes.asDoubleBuffer().get(doubles);
        yield doubles;
      }
      case FLOAT16, BFLOAT16 -> {
        var floats = new float[size];
        for (int i = 0; i < size; i++) {
          floats[i] = widened(bytes.getShort(), type);
        }
        yield floats;
      }
      case BOOL -> {
        var booleans = new boolean[size];
        for (int i = 0; i < size; i++) {
          booleans[i] = bytes.get() != 0;
        }
        yield booleans;
      }
      default -> {
        var longs = new long[size];
        for (int i = 0; i < size; i++) {
          longs[i] = whole(bytes, type);
        }
        yield longs;
      }
    };
  }

  private static long whole(ByteBuffer bytes, ElementType type) {
    return switch (type) {
      case INT8 -> bytes.get();
      case UINT8 -> bytes.get() & 0xff;
      case INT16 -> bytes.getShort();
      case UINT16 -> bytes.getShort() & 0xffff;
      case INT32 -> bytes.getInt();
      case UINT32 -> bytes.getInt() & 0xffff_ffffL;
      default -> bytes.getLong();
    };
  }

  /** Returns the value of 16 bits, {@code float16} or {@code bfloat16}. */
  public static float widened(short bits, ElementType type) {
    return type == ElementType.FLOAT16
        ? Float.float16ToFloat(bits)
        : Float.intBitsToFloat(bits << 16);
  }

  /**
   * Writes all elements at the buffer's position, in its byte order.
   *
   * @throws IllegalArgumentException if they are text
   * @throws java.nio.BufferOverflowException if there is no room for them
   */
  public static void write(Tensor tensor, ByteBuffer bytes) {
    ElementType type = tensor.type();
    switch (tensor.elements()) {
      case float[] floats -> {
        for (float each : floats) {
          write(each, type, bytes);
        }
      }
      case double[] doubles -> {
        for (double each : doubles) {
          bytes.putDouble(each);
        }
      }
      case boolean[] booleans -> {
        for (boolean each : booleans) {
          bytes.put((byte) (each ? 1 : 0));
        }
      }
      case long[] longs -> {
        for (long each : longs) {
          write(each, width(type), bytes);
        }
      }
      default -> throw new IllegalArgumentException("texts differ in length");
    }
  }

  private static void write(float value, ElementType type, ByteBuffer bytes) {
    switch (type) {
      case FLOAT16 -> bytes.putShort(Float.floatToFloat16(value));
      case BFLOAT16 -> bytes.putShort(bfloat16(value));
      default -> bytes.putFloat(value);
    }
  }

  private static void write(long value, int width, ByteBuffer bytes) {
    switch (width) {
      case 1 -> bytes.put((byte) value);
      case 2 -> bytes.putShort((short) value);
      case 4 -> bytes.putInt((int) value);
      default -> bytes.putLong(value);
    }
  }

  /** Returns a float as elements of a type of up to 32 bits hold it. */
  public static float rounded(float value, ElementType type) {
    return switch (type) {
      case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16(value));
      case BFLOAT16 -> widened(bfloat16(value), type);
      default -> value;
    };
  }

  /** Rounds to the nearest value, of two to the even one. */
  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.isNaN(value)
        ? (short) ((bits >>> 16) | 0x40) // the bits that are cut off may be all that made it NaN
        : (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
