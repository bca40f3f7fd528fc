package dev.unroll.interop.onnx.op;

import static dev.unroll.interop.onnx.op.OperatorCase.in;
import static dev.unroll.interop.onnx.op.OperatorCase.of;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Products of matrices. */
final class ProductCases {

  private static final Samples SAMPLES = new Samples(7);

  private static final int[][][] SHAPES = {
    {{3}, {3}},
    {{3}, {3, 4}},
    {{2, 3}, {3}},
    {{2, 3}, {3, 4}},
    {{9, 20}, {20, 33}},
    {{2, 5, 3}, {3, 4}},
    {{3}, {2, 3, 4}},
    {{2, 5, 3}, {3}},
    {{2, 5, 3}, {2, 3, 4}},
    {{2, 1, 7, 3}, {4, 3, 2}},
    {{5, 3}, {2, 3, 4}},
    {{0, 3}, {3, 4}},
    {{2, 0}, {0, 4}},
    {{17, 130}, {130, 5}},
  };

  private ProductCases() {}

  static List<OperatorCase> all() {
    var all = new ArrayList<OperatorCase>();
    for (int[][] shapes : SHAPES) {
      Tensor a = SAMPLES.floats(shapes[0]);
      Tensor b = SAMPLES.floats(shapes[1]);
      OperatorCase each = of("MatMul", a, b).within(2e-5);
      all.addAll(in(List.of(7, 9, 13), each));
      all.add(of("MatMul", Casts.cast(a, ElementType.DOUBLE), Casts.cast(b, ElementType.DOUBLE)));
      for (ElementType type : List.of(ElementType.INT32, ElementType.INT64)) {
        all.add(of("MatMul", Casts.cast(a, type), Casts.cast(b, type)));
      }
    }
    all.addAll(gemms());
    all.addAll(sums());
    return all;
  }

  private static List<OperatorCase> gemms() {
    var all = new ArrayList<OperatorCase>();
    int[][] sizes = {{1, 3, 4}, {2, 3, 1}, {8, 19, 20}, {0, 3, 2}};
    for (int[] size : sizes) {
      for (int form = 0; form < 4; form++) {
        boolean turnA = form % 2 == 1;
        boolean turnB = form > 1;
        Tensor a = turnA ? SAMPLES.floats(size[1], size[0]) : SAMPLES.floats(size[0], size[1]);
        Tensor b = turnB ? SAMPLES.floats(size[2], size[1]) : SAMPLES.floats(size[1], size[2]);
        Tensor c = SAMPLES.floats(size[2]);
        OperatorCase each =
            of("Gemm", a, b, c)
                .within(2e-5)
                .with("transA", turnA ? 1L : 0L)
                .with("transB", turnB ? 1L : 0L);
        all.addAll(in(List.of(7, 9, 11, 13), each, each.with("alpha", 0.5f).with("beta", 2f)));
        all.add(
            of("Gemm", a, b)
                .within(2e-5)
                .with("transA", turnA ? 1L : 0L)
                .with("transB", turnB ? 1L : 0L));
        all.add(
            of(
                    "Gemm",
                    Casts.cast(a, ElementType.DOUBLE),
                    Casts.cast(b, ElementType.DOUBLE),
                    SAMPLES.doubles())
                .with("transA", turnA ? 1L : 0L)
                .with("transB", turnB ? 1L : 0L));
      }
    }
    all.add(of("Gemm", SAMPLES.floats(3, 2), SAMPLES.floats(2, 4), SAMPLES.floats(3, 1)));
    return all;
  }

  private static List<OperatorCase> sums() {
    Tensor a = SAMPLES.floats(2, 3, 4);
    Tensor b = SAMPLES.floats(2, 4, 5);
    Tensor square = SAMPLES.floats(3, 3);
    return List.of(
        einsum("bij,bjk->bik", a, b),
        einsum("bij, bjk", a, b),
        einsum("...ij,...jk->...ik", a, b),
        einsum("bij,bjk->ki", a, b),
        einsum("bij->b", a),
        einsum("bij->jb", Tensor.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 2, 2))
            .gives(Tensor.of(new double[] {4, 12, 6, 14}, 2, 2)),
        einsum("ii->i", square),
        einsum("ij->", square),
        einsum("i,j->ij", SAMPLES.floats(3), SAMPLES.floats(2)),
        einsum("...i->...", a),
        einsum("bhwc,hkc->bhwk", SAMPLES.floats(2, 3, 2, 4), SAMPLES.floats(3, 5, 4)),
        einsum("ij,jk,kl->il", SAMPLES.doubles(2, 3), SAMPLES.doubles(3, 4), SAMPLES.doubles(4, 2)),
        einsum("ij,ij->i", SAMPLES.longs(0, 9, 2, 3), SAMPLES.longs(0, 9, 2, 3)));
  }

  private static OperatorCase einsum(String equation, Tensor... inputs) {
    return of("Einsum", inputs).opset(12).with("equation", equation).within(1e-5);
  }
}
