package dev.unroll.interop.onnx.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.interop.onnx.op.Operator;
import dev.unroll.interop.onnx.recurrent.RecurrentCases.Sizes;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** LSTMs with weights in 8 bits, beside ONNX Runtime. */
class QuantizedLstmTest {

  private static final Operator OPERATOR = new QuantizedLstmOperator();
  private static final List<Integer> CONSTANT = List.of(1, 2, 3, 7, 8, 9, 10, 11);

  static Stream<Arguments> forms() {
    return Stream.of("forward", "reverse", "bidirectional")
        .flatMap(
            direction ->
                Stream.of(ElementType.INT8, ElementType.UINT8)
                    .flatMap(
                        type ->
                            Stream.of(false, true)
                                .map(columns -> Arguments.of(direction, type, columns))));
  }

  /** A node whose weights take the whole range of a type, with scales per column or one for all. */
  static NodeCase node(String direction, ElementType type, boolean perColumn) {
    var sizes = new Sizes(5, 3, 7, 12);
    NodeCase full = RecurrentCases.full(RecurrentKind.LSTM, direction, sizes, 5);
    var random = new Random(6);
    int ways = direction.equals("bidirectional") ? 2 : 1;
    int[] numbers = perColumn ? new int[] {ways, 4 * sizes.hidden()} : new int[] {ways};
    boolean signed = type == ElementType.INT8;
    var quantized =
        new NodeCase("com.microsoft", "DynamicQuantizeLSTM", full.attributes(), full.inputs(), 3);
    return quantized
        .withInput(1, whole(random, type, ways, sizes.inputs(), 4 * sizes.hidden()))
        .withInput(2, whole(random, type, ways, sizes.hidden(), 4 * sizes.hidden()))
        .withInput(8, scales(random, numbers))
        .withInput(9, constant(type, signed ? 0 : 120, numbers))
        .withInput(10, scales(random, numbers))
        .withInput(11, constant(type, signed ? 0 : 135, numbers));
  }

  private static Tensor whole(Random random, ElementType type, int... axes) {
    var values = new long[Shape.of(axes).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(256) - (type == ElementType.INT8 ? 128 : 0);
    }
    return Tensor.adopt(type, Shape.of(axes), values);
  }

  private static Tensor constant(ElementType type, long value, int... axes) {
    var values = new long[Shape.of(axes).size()];
    Arrays.fill(values, value);
    return Tensor.adopt(type, Shape.of(axes), values);
  }

  private static Tensor scales(Random random, int... axes) {
    var values = new float[Shape.of(axes).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.004f * (0.5f + random.nextFloat());
    }
    return Tensor.of(values, axes);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void computesWhatOnnxRuntimeDoes(String direction, ElementType type, boolean perColumn) {
    NodeCase node = node(direction, type, perColumn);
    for (NodeCase each :
        List.of(node, node.withInput(4, null), node.withInput(3, null).withInput(7, null))) {
      List<Tensor> expected = each.runtime(CONSTANT);
      List<Tensor> found = OPERATOR.run(each.call());
      for (int i = 0; i < expected.size(); i++) {
        assertThat(RecurrentCases.difference(found.get(i), expected.get(i)))
            .as("output " + i)
            .isLessThan(3e-6);
      }
      Operator prepared = OPERATOR.prepared(RecurrentCases.constants(each));
      assertThat(prepared.isOnEngine()).isFalse();
      assertThat(prepared.run(each.call())).isEqualTo(found);
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    NodeCase node = node("forward", ElementType.INT8, false);
    assertThatThrownBy(() -> OPERATOR.run(node.withInput(8, null).call()))
        .hasMessage("the input W_scale is missing");
    assertThatThrownBy(() -> OPERATOR.run(node.withInput(10, Tensor.of(new float[2], 2)).call()))
        .hasMessage("R_scale is 2, must be 1 (directions)");
    assertThatThrownBy(() -> OPERATOR.run(node.withInput(1, Tensor.of(new float[3], 3)).call()))
        .hasMessage("W is 3, must have 3 axes: directions×inputs×4·hidden");
  }
}
