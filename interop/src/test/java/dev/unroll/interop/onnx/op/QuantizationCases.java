package dev.unroll.interop.onnx.op;

import static dev.unroll.interop.onnx.op.OperatorCase.in;
import static dev.unroll.interop.onnx.op.OperatorCase.of;
import static dev.unroll.interop.onnx.op.Samples.scalar;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Numbers as bytes. */
final class QuantizationCases {

  private static final Samples SAMPLES = new Samples(10);

  private QuantizationCases() {}

  static List<OperatorCase> all() {
    var all = new ArrayList<OperatorCase>();
    for (Tensor x :
        List.of(
            SAMPLES.floats(3, 40),
            SAMPLES.floatsBetween(1, 2, 5),
            SAMPLES.floatsBetween(-9, -8, 5),
            Tensor.of(new float[3], 3))) {
      all.add(of("DynamicQuantizeLinear", x).opset(11).outputs(3));
    }
    for (ElementType type : List.of(ElementType.INT8, ElementType.UINT8)) {
      all.addAll(linear(type));
      all.addAll(products(type));
    }
    all.add(of("QuantizeLinear", SAMPLES.floats(4), scalar(0.01f)).opset(10));
    all.add(
        of("DequantizeLinear", SAMPLES.integers(ElementType.INT32, -999, 999, 5), scalar(0.3f)));
    return all;
  }

  private static List<OperatorCase> linear(ElementType type) {
    var all = new ArrayList<OperatorCase>();
    Tensor x = SAMPLES.floats(2, 3, 4);
    Tensor q = SAMPLES.integers(type, 0, 100, 2, 3, 4);
    Tensor zero = Tensor.adopt(type, Shape.of(), new long[] {7});
    all.addAll(
        in(
            List.of(10, 13, 19, 21),
            of("QuantizeLinear", x, scalar(0.01f), zero),
            of("DequantizeLinear", q, scalar(0.01f), zero)));
    Tensor scales = SAMPLES.floatsBetween(0.01, 0.1, 3);
    Tensor zeros = SAMPLES.integers(type, 0, 50, 3);
    all.addAll(
        in(
            List.of(13, 19, 21),
            of("QuantizeLinear", x, scales, zeros),
            of("DequantizeLinear", q, scales, zeros),
            of("DequantizeLinear", q, scales)));
    Tensor last = SAMPLES.floatsBetween(0.01, 0.1, 4);
    all.add(of("QuantizeLinear", x, last, SAMPLES.integers(type, 0, 50, 4)).with("axis", -1L));
    Tensor blocks = SAMPLES.floatsBetween(0.01, 0.1, 2, 3, 2);
    Tensor zeroBlocks = SAMPLES.integers(type, 0, 50, 2, 3, 2);
    all.add(
        of("QuantizeLinear", x, blocks, zeroBlocks)
            .opset(21)
            .with("axis", 2L)
            .with("block_size", 2L));
    all.add(
        of("DequantizeLinear", q, blocks, zeroBlocks)
            .opset(21)
            .with("axis", 2L)
            .with("block_size", 2L));
    return all;
  }

  private static List<OperatorCase> products(ElementType type) {
    var all = new ArrayList<OperatorCase>();
    Tensor a = SAMPLES.integers(ElementType.UINT8, 0, 255, 2, 5, 6);
    Tensor b = SAMPLES.integers(type, 0, 127, 6, 3);
    Tensor zeroA = Tensor.adopt(ElementType.UINT8, Shape.of(), new long[] {12});
    Tensor zeroB = Tensor.adopt(type, Shape.of(), new long[] {9});
    Tensor zeros = SAMPLES.integers(type, 0, 50, 3);
    all.add(of("MatMulInteger", a, b).opset(10));
    all.add(of("MatMulInteger", a, b, zeroA).opset(10));
    all.add(of("MatMulInteger", a, b, zeroA, zeroB));
    all.add(of("MatMulInteger", a, b, zeroA, zeros));
    all.add(
        of("MatMulIntegerToFloat", a, b, scalar(0.1f), scalar(0.2f), zeroA, zeroB)
            .in("com.microsoft")
            .opset(1));
    all.add(
        of(
                "MatMulIntegerToFloat",
                a,
                b,
                scalar(0.1f),
                SAMPLES.floats(3),
                zeroA,
                zeros,
                SAMPLES.floats(3))
            .in("com.microsoft")
            .opset(1));
    Tensor x = SAMPLES.floats(2, 5, 6);
    all.add(of("DynamicQuantizeMatMul", x, b, scalar(0.2f)).in("com.microsoft").opset(1));
    all.add(
        of("DynamicQuantizeMatMul", x, b, SAMPLES.floats(3), zeros, SAMPLES.floats(3))
            .in("com.microsoft")
            .opset(1));
    return all;
  }
}
