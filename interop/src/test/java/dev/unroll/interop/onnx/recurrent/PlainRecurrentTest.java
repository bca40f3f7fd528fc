package dev.unroll.interop.onnx.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.interop.tensor.ElementBytes;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
    var kind = RecurrentKind.valueOf(node.operator());
    var form = RecurrentForm.of(kind, node.call().attributes());
    var parameters = RecurrentParameters.of(form, node.inputs());
    return new PlainRecurrent(parameters)
        .run(RecurrentInput.of(parameters.sizes(), node.inputs()), Workers.single());
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

  @ParameterizedTest
  @MethodSource("kindsAndDirections")
  void doublesAreAsExactAsTheFormulas(RecurrentKind kind, String direction) {
    NodeCase full =
        RecurrentCases.inDouble(
            RecurrentCases.full(kind, direction, RecurrentCases.SMALL, 7)
                .withInput(4, RecurrentCases.lengths(RecurrentCases.SMALL, 0)));
    for (NodeCase node :
        List.of(full, full.withInput(5, null).withInput(3, null), linearBeforeReset(full))) {
      List<double[]> expected = new RecurrentReference(node).run();
      List<Tensor> found = plain(node);
      assertThat(found).hasSameSizeAs(expected);
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i).type()).isEqualTo(ElementType.DOUBLE);
        assertThat(found.get(i).doubles()).containsExactly(expected.get(i), within(1e-13));
      }
    }
  }

  private static NodeCase linearBeforeReset(NodeCase node) {
    return node.operator().equals("GRU") ? node.with("linear_before_reset", 1L) : node;
  }

  @ParameterizedTest
  @MethodSource("kindsAndDirections")
  void floatsAreDoublesRoundedAtEachStep(RecurrentKind kind, String direction) {
    NodeCase node = RecurrentCases.full(kind, direction, RecurrentCases.SMALL, 8);
    List<Tensor> found = plain(node);
    List<Tensor> exact = plain(RecurrentCases.inDouble(node));
    for (int i = 0; i < found.size(); i++) {
      assertThat(RecurrentCases.difference(found.get(i), exact.get(i))).isLessThan(3e-7);
    }
  }

  @Test
  void numbersOf16BitsAreRoundedAfterEachStep() {
    NodeCase node = RecurrentCases.full(RecurrentKind.LSTM, "reverse", RecurrentCases.SMALL, 13);
    List<Tensor> exact = plain(node);
    for (ElementType type : List.of(ElementType.FLOAT16, ElementType.BFLOAT16)) {
      NodeCase rounded = RecurrentCases.in(type, node);
      Tensor found = plain(rounded).getFirst();
      assertThat(found.type()).isEqualTo(type);
      for (float each : found.floats()) {
        assertThat(ElementBytes.rounded(each, type)).isEqualTo(each);
      }
      assertThat(RecurrentCases.difference(found, exact.getFirst()))
          .isLessThan(type == ElementType.FLOAT16 ? 2e-3 : 2e-2);
    }
  }

  @ParameterizedTest
  @MethodSource("kindsAndDirections")
  void layout1HasTheSequencesFirst(RecurrentKind kind, String direction) {
    NodeCase node = RecurrentCases.full(kind, direction, RecurrentCases.SMALL, 9);
    List<Tensor> found = plain(RecurrentCases.inLayout(node, 1));
    assertThat(found.get(0).shape().axes().subList(0, 2)).containsExactly(5, 7);
    assertThat(RecurrentCases.inLayout0(found)).isEqualTo(plain(node));
  }

  @Test
  void numbersOfFunctionsGoToThoseThatReadThem() {
    List<String> names = List.of("hardsigmoid", "ELU", "SoftSign", "Affine", "Tanh", "LeakyRelu");
    NodeCase node =
        RecurrentCases.full(RecurrentKind.LSTM, "bidirectional", RecurrentCases.SMALL, 10)
            .with("activations", names)
            .with("activation_alpha", List.of(0.3f, 0.8f, 0.4f, 0.1f))
            .with("activation_beta", List.of(0.45f, 0.2f));
    assertAsRuntime(node);
    assertThat(plain(node.with("activation_alpha", List.of(0.3f, 0.8f, 0.4f))))
        .isNotEqualTo(plain(node)); // the last has its default, 0.01
  }

  @Test
  void usualNumbersOfFunctionsAreThoseOfTheSpecification() {
    var activations =
        Activation.of(
            List.of("Affine", "LeakyRelu", "ThresholdedRelu", "HardSigmoid", "Elu"),
            List.of(),
            List.of(),
            false);
    assertThat(activations).extracting(Activation::alpha).containsExactly(1f, 0.01f, 1f, 0.2f, 1f);
    assertThat(activations.get(3).beta()).isEqualTo(0.5f);
    assertThatThrownBy(() -> Activation.of(List.of("ScaledTanh"), List.of(), List.of(), false))
        .hasMessage("ScaledTanh needs a number in activation_alpha, for which there is no default");
  }

  @Test
  void refusesWhatDoesNotFitAndSaysWhat() {
    NodeCase node = RecurrentCases.full(RecurrentKind.GRU, "forward", RecurrentCases.SMALL, 11);
    assertThatThrownBy(() -> plain(node.withInput(1, Tensor.of(new float[48], 1, 16, 3))))
        .hasMessage("W is 1×16×3, must be 1×18×3 (directions×3·hidden×inputs)");
    assertThatThrownBy(() -> plain(node.withInput(2, null))).hasMessage("the input R is missing");
    assertThatThrownBy(() -> plain(node.withInput(0, Tensor.of(new float[4], 2, 1, 2))))
        .hasMessage("X is 2×1×2, must be 2×1×3 (steps×batch×inputs)");
    assertThatThrownBy(() -> plain(node.withInput(5, Tensor.of(new float[30], 5, 6))))
        .hasMessage("initial_h is 5×6, must be 1×5×6 (directions×batch×hidden)");
    assertThatThrownBy(() -> plain(node.withInput(3, Tensor.of(new double[36], 1, 36))))
        .hasMessage("B is of double, must be of float");
    assertThatThrownBy(() -> plain(node.withInput(4, Tensor.of(new long[] {1, 2, 3, 8, 1}, 5))))
        .hasMessage("sequence_lens has 8, must be 0 … 7");
    assertThatThrownBy(() -> plain(node.with("direction", "both")))
        .hasMessage("direction is \"both\", must be forward, reverse or bidirectional");
    assertThatThrownBy(() -> plain(node.with("activations", List.of("Tanh"))))
        .hasMessage("activations names 1 functions, must name 2");
    assertThatThrownBy(() -> plain(node.with("activations", List.of("Tanh", "Swish"))))
        .hasMessageStartingWith("there is no activation \"Swish\"; ONNX has Relu, Tanh");
    assertThatThrownBy(() -> plain(node.with("clip", 0f)))
        .hasMessage("clip is 0.0, must be greater than 0");
    assertThatThrownBy(() -> plain(node.with("hidden_size", 7L)))
        .hasMessage("W is 1×18×3, must be 1×21×3 (directions×3·hidden×inputs)");
  }

  @Test
  void refusesFewInputsThatAskForMuchMemory() {
    NodeCase node = RecurrentCases.full(RecurrentKind.GRU, "forward", RecurrentCases.SMALL, 12);
    NodeCase alone = node.withInput(4, null).withInput(5, null);
    Tensor many = Tensor.of(new float[0], 0, 700_000_000, 3);
    assertThatThrownBy(() -> plain(alone.withInput(0, many)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("what it computes needs");
    Tensor nothing = Tensor.of(new float[0], 1, 18, 0);
    Tensor long0 = Tensor.of(new float[0], 1_000_000_000, 1, 0);
    assertThatThrownBy(() -> plain(alone.withInput(1, nothing).withInput(0, long0)))
        .hasMessage("W is 1×18×0, which is empty");
  }
}
