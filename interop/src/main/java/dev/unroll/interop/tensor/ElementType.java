package dev.unroll.interop.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The type of a tensor's elements, and how this program keeps them in memory. */
public enum ElementType {
  /** IEEE 754, 32 bits, in a {@code float[]}. */
  FLOAT(float[].class),
  /** IEEE 754, 64 bits, in a {@code double[]}. */
  DOUBLE(double[].class),
  /** IEEE 754, 16 bits; kept widened in a {@code float[]}. */
  FLOAT16(float[].class),
  /** The upper 16 bits of a float; kept widened in a {@code float[]}. */
  BFLOAT16(float[].class),
  /** Signed 8 bits, in a {@code long[]} as all integers. */
  INT8(long[].class),
  /** Unsigned 8 bits. */
  UINT8(long[].class),
  /** Signed 16 bits. */
  INT16(long[].class),
  /** Unsigned 16 bits. */
  UINT16(long[].class),
  /** Signed 32 bits. */
  INT32(long[].class),
  /** Unsigned 32 bits. */
  UINT32(long[].class),
  /** Signed 64 bits. */
  INT64(long[].class),
  /** Unsigned 64 bits, as the bits of a {@code long}. */
  UINT64(long[].class),
  /** True or false, in a {@code boolean[]}. */
  BOOL(boolean[].class),
  /** Text, in a {@code String[]}. */
  STRING(String[].class),
  /** Tensors one after the other, in an array of them: only inside of a graph, in no file. */
  SEQUENCE(Object[].class);

  /** The types that files know: all but sequences. */
  public static final List<ElementType> OF_FILES =
      Arrays.stream(values()).filter(each -> each != SEQUENCE).toList();

  private final Class<?> array;

  ElementType(Class<?> array) {
    this.array = array;
  }

  /** The class of the array that holds the elements. */
  public Class<?> array() {
    return array;
  }

  /** Whether elements are numbers with a fraction. */
  public boolean isFloating() {
    return array == float[].class || array == double[].class;
  }

  /** Whether elements are whole numbers. */
  public boolean isInteger() {
    return array == long[].class;
  }

  /** Whether a whole number is in the range of this integer type. */
  public boolean holds(long value) {
    return switch (this) {
      case INT8 -> value == (byte) value;
      case UINT8 -> value == (value & 0xff);
      case INT16 -> value == (short) value;
      case UINT16 -> value == (value & 0xffff);
      case INT32 -> value == (int) value;
      case UINT32 -> value == (value & 0xffff_ffffL);
      default -> isInteger();
    };
  }

  /** The name in files and messages, such as {@code float16}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
