package dev.unroll.interop.onnx.op;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.unroll.interop.onnx.graph.TensorProtos;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Elements as elements of another type. */
final class Casts {

  /** 2⁶³, from where on doubles fit into unsigned integers only. */
  private static final double HALF_OF_UNSIGNED = 0x1p63;

  private Casts() {}

  static List<Definition> definitions() {
    return List.of(
        new Definition("Cast", 6, Casts::castTo),
        new Definition("CastLike", 15, call -> List.of(cast(call.input(0), call.input(1).type()))));
  }

  private static List<Tensor> castTo(Call call) {
    return List.of(cast(call.input(0), type(call.attributes().number("to", 0))));
  }

  /**
   * The type that ONNX writes as this number.
   *
   * @throws IllegalArgumentException if tensors here have no such type
   */
  static ElementType type(long number) {
    Optional<ElementType> known = TensorProtos.type(number);
    if (known.isPresent()) {
      return known.get();
    }
    DataType found = number == (int) number ? DataType.forNumber((int) number) : null;
    throw new IllegalArgumentException(
        "the element type "
            + (found == null ? number : found.name().toLowerCase(Locale.ROOT))
            + " is not supported");
  }

  /**
   * The tensor with elements of another type: fractions are cut off, integers that are too large
   * keep their lowest bits, numbers are true unless they are 0.
   */
  static Tensor cast(Tensor x, ElementType to) {
    if (x.type() == to) {
      return x;
    }
    if (x.type() == ElementType.SEQUENCE || to == ElementType.SEQUENCE) {
      throw Elements.unfit(ElementType.SEQUENCE);
    }
    if (x.elements() instanceof String[] texts) {
      return parsed(texts, x, to);
    }
    if (to == ElementType.STRING) {
      return printed(x);
    }
    if (to.isFloating()) {
      return to != ElementType.DOUBLE && x.elements() instanceof long[] longs
          ? Elements.real(to, x.shape(), floats(longs, x))
          : Elements.real(to, x.shape(), reals(x));
    }
    if (to == ElementType.BOOL) {
      boolean[] out = Elements.booleans(x.shape());
      double[] in = x.doubles();
      for (int i = 0; i < out.length; i++) {
        out[i] = in[i] != 0;
      }
      return Tensor.adopt(to, x.shape(), out);
    }
    long[] out = Elements.longs(x.shape());
    long[] in = integers(x, to);
    for (int i = 0; i < out.length; i++) {
      out[i] = Elements.wrap(to, in[i]);
    }
    return Tensor.adopt(to, x.shape(), out);
  }

  /** Integers as floats, each rounded once. */
  private static float[] floats(long[] values, Tensor x) {
    float[] floats = Elements.floats(x.shape());
    for (int i = 0; i < floats.length; i++) {
      long value = values[i];
      boolean large = x.type() == ElementType.UINT64 && value < 0;
      floats[i] =
          large
              ? 2 * (float) ((value >>> 1) | (value & 1))
              : value; // a lost bit may decide| value & 1) : value; // the last bit decides ties
    }
    return floats;
  }

  private static double[] reals(Tensor x) {
    double[] values = x.doubles();
    if (x.type() == ElementType.UINT64) {
      for (int i = 0; i < values.length; i++) {
        values[i] += values[i] < 0 ? 2 * HALF_OF_UNSIGNED : 0;
      }
    }
    return values;
  }

  private static long[] integers(Tensor x, ElementType to) {
    long[] values = x.longs();
    if (to == ElementType.UINT64 && x.type().isFloating()) {
      double[] reals = x.doubles();
      for (int i = 0; i < values.length; i++) {
        if (reals[i] >= HALF_OF_UNSIGNED) {
          values[i] = (long) (reals[i] - HALF_OF_UNSIGNED) + Long.MIN_VALUE;
        }
      }
    }
    return values;
  }

  private static Tensor printed(Tensor x) {
    var out = (String[]) Elements.create(ElementType.STRING, x.shape());
    for (int i = 0; i < out.length; i++) {
      if (x.elements() instanceof float[] floats) {
        out[i] = text(Float.toString(floats[i]));
      } else if (x.elements() instanceof double[] doubles) {
        out[i] = text(Double.toString(doubles[i]));
      } else if (x.elements() instanceof long[] longs) {
        boolean unsigned = x.type() == ElementType.UINT64;
        out[i] = unsigned ? Long.toUnsignedString(longs[i]) : Long.toString(longs[i]);
      } else {
        out[i] = ((boolean[]) x.elements())[i] ? "1" : "0";
      }
    }
    return Tensor.adopt(ElementType.STRING, x.shape(), out);
  }

  /** The shortest digits, without the fraction that Java writes after whole numbers. */
  private static String text(String number) {
    return number.replace("Infinity", "INF").replaceFirst("\\.0(?=$|E)", "").replace('E', 'e');
  }

  private static Tensor parsed(String[] texts, Tensor x, ElementType to) {
    if (to.isInteger()) {
      long[] out = Elements.longs(x.shape());
      for (int i = 0; i < out.length; i++) {
        out[i] = Elements.wrap(to, whole(texts[i]));
      }
      return Tensor.adopt(to, x.shape(), out);
    }
    double[] values = Elements.doubles(x.shape());
    for (int i = 0; i < values.length; i++) {
      values[i] = real(texts[i]);
    }
    return cast(Tensor.adopt(ElementType.DOUBLE, x.shape(), values), to);
  }

  private static long whole(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      return (long) real(text);
    }
  }

  private static double real(String text) {
    String plain = text.strip().toUpperCase(Locale.ROOT);
    return switch (plain) {
      case "INF", "+INF", "INFINITY", "+INFINITY" -> Double.POSITIVE_INFINITY;
      case "-INF", "-INFINITY" -> Double.NEGATIVE_INFINITY;
      case "NAN" -> Double.NaN;
      default -> {
        try {
          yield Double.parseDouble(plain);
        } catch (NumberFormatException e) {
          throw new IllegalArgumentException("«" + text + "» is not a number");
        }
      }
    };
  }
}
