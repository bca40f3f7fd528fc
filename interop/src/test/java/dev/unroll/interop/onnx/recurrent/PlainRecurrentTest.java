package dev.unroll.interop.onnx.recurrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.interop.onnx.op.Operator;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The plain evaluator beside ONNX Runtime, with random weights. */
class PlainRecurrentTest {

  /** ONNX Runtime's tanh and sigmoid are approximations. */
  private static final double CLOSE = 5e-6;

  static Stream<Arguments> kindsAndDirections() {
    return Stream.of(RecurrentKind.values())
        .flatMap(
            kind ->
                Stream.of("forward", "reverse", "bidirectional")
                    .map(direction -> Arguments.of(kind, direction)));
  }

  private static List<Tensor> plain(NodeCase node) {
    Operator operator =
        Optional.ofNullable(RecurrentOperators.all().get(node.operator())).orElseThrow();
    return operator.run(node.call());
  }

  private static void assertAsRuntime(NodeCase node) {
    List<Tensor> found = plain(node);
    List<Tensor> expected = node.runtime(List.of());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(RecurrentCases.difference(found.get(i), expected.get(i)))
          .as("output " + i + " of " + node.attributes())
          .isLessThan(CLOSE);
    }
  }

  @ParameterizedTest
  @MethodSource("kindsAndDirections")
  void raggedSequencesFromStartStates(RecurrentKind kind, String direction) {
    NodeCase node = RecurrentCases.full(kind, direction, RecurrentCases.SMALL, 1);
    assertAsRuntime(node);
    assertAsRuntime(node.withInput(3, null)); // no biases
    assertAsRuntime(node.withInput(4, null)); // all of the same length
    assertAsRuntime(node.withInput(5, null)); // from zeros
    if (kind == RecurrentKind.LSTM) {
      assertAsRuntime(node.withInput(6, null));
      assertAsRuntime(node.withInput(7, null));
    }
    if (kind == RecurrentKind.GRU) {
      assertAsRuntime(node.with("linear_before_reset", 1L));
      assertAsRuntime(node.with("linear_before_reset", 1L).withInput(3, null));
    }
  }

  @ParameterizedTest
  @MethodSource("kindsAndDirections")
  void clipBoundsWhatGoesIntoTheGates(RecurrentKind kind, String direction) {
    NodeCase node = RecurrentCases.full(kind, direction, RecurrentCases.SMALL, 2);
    assertAsRuntime(node.with("clip", 0.3f));
    assertThat(plain(node.with("clip", 0.3f))).isNotEqualTo(plain(node));
    if (kind == RecurrentKind.GRU) {
      assertAsRuntime(node.with("clip", 0.3f).with("linear_before_reset", 1L));
    }
    if (kind == RecurrentKind.LSTM) {
      assertAsRuntime(node.with("clip", 0.3f).with("input_forget", 1L));
      assertAsRuntime(node.with("input_forget", 1L));
      assertThat(plain(node.with("input_forget", 1L))).isNotEqualTo(plain(node));
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachFunctionAtEachPlace(ActivationFunction function) {
    for (RecurrentKind kind : RecurrentKind.values()) {
      NodeCase node = RecurrentCases.full(kind, "forward", RecurrentCases.SMALL, 3);
      for (int place = 0; place < kind.functions().size(); place++) {
        var names = new ArrayList<>(kind.functions());
        names.set(place, function.label());
        NodeCase own = node.with("activations", List.copyOf(names));
        NodeCase numbers =
            own.with("activation_alpha", List.of(0.35f)).with("activation_beta", List.of(0.45f));
        assertAsRuntime(function.hasAlpha() ? numbers : own);
      }
    }
  }
}
