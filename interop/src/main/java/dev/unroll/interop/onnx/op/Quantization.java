package dev.unroll.interop.onnx.op;

import dev.unroll.base.Workers;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers as small integers: {@code x ≈ (q - zero) · scale}. Computes in float, as the
 * specification says, so that the integers are the same everywhere.
 */
final class Quantization {

  private static final String MICROSOFT = "com.microsoft";

  private static final int LEVELS = 255;

  private Quantization() {}

  static List<Definition> definitions() {
    return List.of(
        new Definition("DynamicQuantizeLinear", 11, call -> quantizeAll(call.input(0))),
        new Definition("QuantizeLinear", 10, Quantization::quantize),
        new Definition("DequantizeLinear", 10, Quantization::dequantize),
        new Definition("MatMulInteger", 10, Quantization::multiplyIntegers),
        new Definition(MICROSOFT, "MatMulIntegerToFloat", 1, Quantization::multiplyToFloat),
        new Definition(MICROSOFT, "DynamicQuantizeMatMul", 1, Quantization::quantizeAndMultiply));
  }

  /** Bytes whose range holds 0 and all elements; scale; zero. */
  private static List<Tensor> quantizeAll(Tensor x) {
    if (x.type() != ElementType.FLOAT) {
      throw Elements.unfit(x.type());
    }
    float least = 0;
    float most = 0;
    float[] in = (float[]) x.elements();
    for (float each : in) {
      least = Math.min(least, each);
      most = Math.max(most, each);
    }
    float scale = most == least ? 1 : (most - least) / LEVELS;
    long zero = (long) Math.rint(Math.clamp(-least / scale, 0, LEVELS));
    long[] out = Elements.longs(x.shape());
    for (int i = 0; i < out.length; i++) {
      out[i] = saturated(ElementType.UINT8, Math.rint(in[i] / scale) + zero);
    }
    return List.of(
        Tensor.adopt(ElementType.UINT8, x.shape(), out),
        Tensor.of(new float[] {scale}),
        Tensor.adopt(ElementType.UINT8, Shape.of(), new long[] {zero}));
  }

  /** The nearest number that the type holds. */
  private static long saturated(ElementType type, double value) {
    return switch (type) {
      case UINT8, INT8, UINT16, INT16 -> Elements.nearest(type, value);
      default -> throw Elements.unfit(type);
    };
  }

  private static List<Tensor> quantize(Call call) {
    Tensor x = call.input(0);
    Tensor zero = call.optional(2);
    long type = call.attributes().number("output_dtype", 0);
    ElementType to = zero != null ? zero.type() : type == 0 ? ElementType.UINT8 : Casts.type(type);
    float[] scales = spread(call, call.input(1)).floats();
    long[] zeros = zeros(call, zero, x);
    float[] in = x.floats();
    long[] out = Elements.longs(x.shape());
    for (int i = 0; i < out.length; i++) {
      out[i] = saturated(to, Math.rint(in[i] / scales[i]) + zeros[i]);
    }
    return List.of(Tensor.adopt(to, x.shape(), out));
  }

  private static List<Tensor> dequantize(Call call) {
    Tensor x = Gathers.integers(call.input(0));
    Tensor scale = call.input(1);
    long type = call.attributes().number("output_dtype", 0);
    float[] scales = spread(call, scale).floats();
    long[] zeros = zeros(call, call.optional(2), x);
    long[] in = (long[]) x.elements();
    float[] out = Elements.floats(x.shape());
    for (int i = 0; i < out.length; i++) {
      out[i] = (in[i] - zeros[i]) * scales[i];
    }
    return List.of(Elements.real(type == 0 ? scale.type() : Casts.type(type), x.shape(), out));
  }

  private static long[] zeros(Call call, @Nullable Tensor zero, Tensor x) {
    return zero == null ? Elements.longs(x.shape()) : spread(call, zero).longs();
  }

  /**
   * Scale or zero of each element: one for all, one for each place along the axis, or one for each
   * block of places.
   */
  private static Tensor spread(Call call, Tensor given) {
    Shape shape = call.input(0).shape();
    if (given.size() == 1 && given.shape().rank() < 2) {
      return Layouts.view(given, 0, new int[shape.rank()], shape);
    }
    int axis = Axes.axis(call.attributes().number("axis", 1), shape.rank());
    long block = call.attributes().number("block_size", 0);
    if (block == 0) {
      if (given.shape().rank() != 1 || given.size() != shape.axis(axis)) {
        throw new IllegalArgumentException(given + " along axis " + axis + " of " + shape);
      }
      var lengths = new ArrayList<>(Collections.nCopies(shape.rank(), 1));
      lengths.set(axis, given.size());
      return Layouts.expanded(given.reshaped(new Shape(lengths)), shape);
    }
    int length = shape.axis(axis);
    boolean fits = block > 0 && given.shape().rank() == shape.rank();
    if (!fits || !Axes.with(shape, axis, Math.ceilDiv(length, block)).equals(given.shape())) {
      throw new IllegalArgumentException(given + " for blocks of " + block + " of " + shape);
    }
    Object out = Elements.create(given.type(), shape);
    var from = new Around(given.shape(), axis);
    var to = new Around(shape, axis);
    for (int before = 0; before < to.outer(); before++) {
      for (int i = 0; i < length; i++) {
        int source = from.at(before, (int) (i / block), 0);
        System.arraycopy(given.elements(), source, out, to.at(before, i, 0), to.inner());
      }
    }
    return Tensor.adopt(given.type(), shape, out);
  }

  private static List<Tensor> multiplyIntegers(Call call) {
    return List.of(
        integerProduct(
            withoutZero(call.input(0), call.optional(2), true),
            withoutZero(call.input(1), call.optional(3), false)));
  }

  private static Tensor integerProduct(Tensor a, Tensor b) {
    return Casts.cast(MatrixProducts.multiply(a, b, Workers.single()), ElementType.INT32);
  }

  /** The zero is one for all, or one for each row of the left and each column of the right. */
  private static Tensor withoutZero(Tensor x, @Nullable Tensor zero, boolean left) {
    Tensor wide = Casts.cast(Gathers.integers(x), ElementType.INT64);
    if (zero == null) {
      return wide;
    }
    Tensor wideZero = Casts.cast(Gathers.integers(zero), ElementType.INT64);
    boolean ofRows = left && zero.shape().rank() == 1 && zero.size() > 1;
    Tensor placed = ofRows ? wideZero.reshaped(Shape.of(zero.size(), 1)) : wideZero;
    Tensor difference = Binary.SUBTRACT.apply(wide, placed);
    if (difference.size() != x.size()) {
      throw new IllegalArgumentException("zero points of " + zero + " for " + x);
    }
    return difference.reshaped(x.shape());
  }

  /** Inputs: A, B, scale of A, scale of B, zero of A, zero of B, bias. */
  private static List<Tensor> multiplyToFloat(Call call) {
    Tensor product =
        integerProduct(
            withoutZero(call.input(0), call.optional(4), true),
            withoutZero(call.input(1), call.optional(5), false));
    Tensor scale = Binary.MULTIPLY.apply(call.input(2), call.input(3));
    return List.of(scaled(product, scale, call.optional(6)));
  }

  private static Tensor scaled(Tensor product, Tensor scale, @Nullable Tensor bias) {
    Tensor real = Binary.MULTIPLY.apply(Casts.cast(product, ElementType.FLOAT), scale);
    Tensor result = bias == null ? real : Binary.ADD.apply(real, bias);
    return result.reshaped(product.shape());
  }

  /** Inputs: A in float, B, scale of B, zero of B, bias. */
  private static List<Tensor> quantizeAndMultiply(Call call) {
    List<Tensor> a = quantizeAll(call.input(0));
    Tensor product =
        integerProduct(
            withoutZero(a.get(0), a.get(2), true),
            withoutZero(call.input(1), call.optional(3), false));
    Tensor scale = Binary.MULTIPLY.apply(a.get(1), call.input(2));
    return List.of(scaled(product, scale, call.optional(4)));
  }
}
