package dev.unroll.interop.onnx.recurrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Workers;
import dev.unroll.interop.onnx.recurrent.RecurrentCases.Sizes;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * In float the engine and ONNX Runtime round in different places, so they differ. Beside the plain
 * evaluator in double, which {@link RecurrentAgreementTest} compares with the formulas, it is seen
 * that neither is wrong: the engine is as near to it as ONNX Runtime is, even where long sequences
 * run both ways.
 */
class EngineRoundingTest {

  /** Half of the distance between two floats at 1. */
  private static final double ROUNDING = 0x1p-24;

  static Stream<Arguments> nodes() {
    return Stream.of("LSTM", "GRU", "GRU reset after")
        .flatMap(
            cell ->
                Stream.of(
                        new Sizes(25, 3, 8, 16),
                        new Sizes(25, 3, 20, 64),
                        new Sizes(50, 2, 32, 128))
                    .flatMap(
                        sizes ->
                            LongStream.range(0, 3)
                                .mapToObj(seed -> Arguments.of(cell, sizes, seed))));
  }

  @ParameterizedTest
  @MethodSource("nodes")
  void isAsNearToTheFormulasAsOnnxRuntime(String cell, Sizes sizes, long seed) {
    RecurrentKind kind = RecurrentKind.valueOf(cell.split(" ")[0]);
    NodeCase node = RecurrentCases.full(kind, "bidirectional", sizes, seed);
    node = kind == RecurrentKind.LSTM ? node.withInput(7, null) : node; // without peepholes
    node = cell.endsWith("after") ? node.with("linear_before_reset", 1L) : node;
    var prepared = new RecurrentOperator(kind).prepared(RecurrentCases.constants(node));
    assertThat(prepared.isOnEngine()).isTrue();
    List<Tensor> exact = inDouble(kind, RecurrentCases.inDouble(node));
    double engine = most(prepared.run(node.call()), exact);
    double runtime = most(node.runtime(List.of()), exact);
    assertThat(engine).isLessThanOrEqualTo(3 * runtime);
    assertThat(engine).isLessThanOrEqualTo(64 * ROUNDING);
  }

  private static List<Tensor> inDouble(RecurrentKind kind, NodeCase node) {
    var form = RecurrentForm.of(kind, node.call().attributes());
    var parameters = RecurrentParameters.of(form, node.inputs());
    var input = RecurrentInput.of(parameters.sizes(), node.inputs());
    return new PlainRecurrent(parameters).run(input, Workers.single());
  }

  private static double most(List<Tensor> found, List<Tensor> exact) {
    double most = 0;
    for (int i = 0; i < exact.size(); i++) {
      most = Math.max(most, RecurrentCases.difference(found.get(i), exact.get(i)));
    }
    return most;
  }
}
