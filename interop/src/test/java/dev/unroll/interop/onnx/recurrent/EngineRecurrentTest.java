package dev.unroll.interop.onnx.recurrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Workers;
import dev.unroll.interop.onnx.op.Call;
import dev.unroll.interop.onnx.op.Operator;
import dev.unroll.interop.onnx.recurrent.RecurrentCases.Sizes;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine beside the plain evaluator. */
class EngineRecurrentTest {

  private static final List<Sizes> SIZES =
      List.of(
          RecurrentCases.SMALL,
          new Sizes(1, 1, 4, 16),
          new Sizes(1, 3, 4, 16),
          new Sizes(9, 1, 20, 37),
          new Sizes(5, 2, 33, 130),
          new Sizes(6, 11, 40, 64));

  static Stream<Arguments> nodes() {
    return Stream.of("RNN", "GRU", "GRU reset after", "LSTM", "LSTM with peepholes")
        .flatMap(
            cell ->
                Stream.of("forward", "reverse", "bidirectional")
                    .flatMap(
                        direction ->
                            Stream.of(0L, 1L)
                                .map(layout -> Arguments.of(cell, direction, layout))));
  }

  private static NodeCase node(String cell, String direction, Sizes sizes) {
    RecurrentKind kind = RecurrentKind.valueOf(cell.split(" ")[0]);
    NodeCase node = RecurrentCases.full(kind, direction, sizes, 4);
    return switch (cell) {
      case "GRU reset after" -> node.with("linear_before_reset", 1L);
      case "LSTM" -> node.withInput(7, null);
      default -> node;
    };
  }

  private static Operator prepared(NodeCase node) {
    var operator = new RecurrentOperator(RecurrentKind.valueOf(node.operator()));
    return operator.prepared(RecurrentCases.constants(node));
  }

  private static List<Tensor> engine(NodeCase node) {
    Operator operator = prepared(node);
    assertThat(operator.isOnEngine()).isTrue();
    List<Tensor> outputs = operator.run(node.call());
    assertThat(operator.run(node.call())).isEqualTo(outputs); // in used buffers
    return outputs;
  }

  private static List<Tensor> plain(NodeCase node) {
    var form = RecurrentForm.of(RecurrentKind.valueOf(node.operator()), node.call().attributes());
    var parameters = RecurrentParameters.of(form, node.inputs());
    return new PlainRecurrent(parameters)
        .run(RecurrentInput.of(parameters.sizes(), node.inputs()), Workers.single());
  }

  private static void assertAsPlain(NodeCase node) {
    List<Tensor> found = engine(node);
    List<Tensor> expected = plain(node);
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(RecurrentCases.difference(found.get(i), expected.get(i)))
          .as("output " + i + " of " + node)
          .isLessThan(1e-5);
    }
  }

  @ParameterizedTest
  @MethodSource("nodes")
  void computesWhatThePlainEvaluatorDoes(String cell, String direction, long layout) {
    for (Sizes sizes : SIZES) {
      NodeCase node = RecurrentCases.inLayout(node(cell, direction, sizes), layout);
      assertAsPlain(node);
      assertAsPlain(node.withInput(4, null));
      assertAsPlain(node.withInput(4, null).withInput(5, null));
      assertAsPlain(node.withInput(3, null));
      assertAsPlain(node.withInput(4, RecurrentCases.lengths(sizes, 0)));
      assertAsPlain(node.withInput(4, RecurrentCases.lengths(sizes, 1)));
    }
  }

  @ParameterizedTest
  @MethodSource("nodes")
  void theNumberOfThreadsChangesNoBit(String cell, String direction, long layout) {
    try (var two = new Workers(2);
        var three = new Workers(3)) {
      for (Sizes sizes : SIZES) {
        NodeCase node = RecurrentCases.inLayout(node(cell, direction, sizes), layout);
        Operator operator = prepared(node);
        Call call = node.call();
        for (Workers workers : List.of(two, three)) {
          var shared =
              new Call(call.attributes(), call.opset(), call.inputs(), call.outputs(), workers);
          assertThat(operator.run(shared)).isEqualTo(operator.run(call));
        }
      }
    }
  }

  @Test
  void whoElseIsInTheBatchChangesNoBit() {
    for (String cell : List.of("RNN", "GRU", "GRU reset after", "LSTM with peepholes")) {
      var sizes = new Sizes(6, 7, 5, 24);
      NodeCase node = RecurrentCases.inLayout(node(cell, "bidirectional", sizes), 1);
      List<Tensor> together = engine(node);
      Operator operator = prepared(node);
      for (int row = 0; row < sizes.batch(); row++) {
        NodeCase alone = node;
        for (int input : List.of(0, 4, 5, 6)) {
          Tensor tensor = Shapes.at(node.inputs(), input);
          if (tensor != null) {
            alone = alone.withInput(input, RecurrentCases.part(tensor, row));
          }
        }
        List<Tensor> one = operator.run(alone.call());
        for (int i = 0; i < one.size(); i++) {
          assertThat(one.get(i)).isEqualTo(RecurrentCases.part(together.get(i), row));
        }
      }
    }
  }

  @Test
  void aStreamOfStepsIsTheWholeRun() {
    for (String cell : List.of("RNN", "GRU", "GRU reset after", "LSTM", "LSTM with peepholes")) {
      NodeCase whole = node(cell, "forward", new Sizes(6, 1, 5, 24)).withInput(4, null);
      List<Tensor> expected = engine(whole);
      Operator operator = prepared(whole);
      NodeCase step = whole;
      var steps = new ArrayList<Tensor>();
      for (int t = 0; t < 6; t++) {
        step = step.withInput(0, RecurrentCases.part(whole.call().input(0), t));
        List<Tensor> outputs = operator.run(step.call());
        steps.add(outputs.get(0));
        for (int i = 1; i < outputs.size(); i++) {
          step = step.withInput(4 + i, outputs.get(i));
        }
        assertThat(outputs.get(0)).isEqualTo(RecurrentCases.part(expected.get(0), t));
      }
      assertThat(steps.getLast().floats()).isEqualTo(expected.get(1).floats());
    }
  }

  @Test
  void manyThreadsShareAPreparedNode() throws InterruptedException {
    NodeCase node = node("LSTM", "bidirectional", new Sizes(8, 4, 6, 20));
    Operator operator = prepared(node);
    List<Tensor> expected = operator.run(node.call());
    var wrong = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int run = 0; run < 50; run++) {
                      if (!operator.run(node.call()).equals(expected)) {
                        wrong.incrementAndGet();
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(wrong).hasValue(0);
  }

  @Test
  void biasesThatAreComputedInTheGraphCount() {
    NodeCase node = node("GRU", "forward", RecurrentCases.SMALL);
    Operator withoutBiases = prepared(node.withInput(3, null));
    assertThat(withoutBiases.run(node.call())).isEqualTo(engine(node));
  }

  @Test
  void saysWhyANodeRunsInPlainArithmetic() {
    NodeCase lstm = node("LSTM", "forward", RecurrentCases.SMALL);
    assertThat(RecurrentOperators.whyPlain(prepared(lstm))).isEmpty();
    NodeCase other =
        lstm.with("clip", 3f)
            .with("input_forget", 1L)
            .with("activations", List.of("HardSigmoid", "Tanh", "Tanh"));
    assertThat(prepared(other).isOnEngine()).isFalse();
    assertThat(RecurrentOperators.whyPlain(prepared(other)))
        .isEqualTo("clip; input_forget; activations HardSigmoid, Tanh, Tanh");
    assertThat(RecurrentOperators.whyPlain(prepared(RecurrentCases.inDouble(lstm))))
        .isEqualTo("numbers of double");
  }
}
