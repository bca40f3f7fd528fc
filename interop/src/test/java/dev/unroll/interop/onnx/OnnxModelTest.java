package dev.unroll.interop.onnx;

import static dev.unroll.interop.onnx.Models.attribute;
import static dev.unroll.interop.onnx.Models.floats;
import static dev.unroll.interop.onnx.Models.graph;
import static dev.unroll.interop.onnx.Models.model;
import static dev.unroll.interop.onnx.Models.node;
import static dev.unroll.interop.onnx.Models.tensor;
import static dev.unroll.interop.onnx.Models.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.interop.onnx.graph.Value;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.tensor.TestTensors;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Models from Java: what a run takes and gives, and streams. */
class OnnxModelTest {

  private static final int INPUTS = 3;
  private static final int UNITS = 5;

  static OnnxModel open(ModelProto.Builder model) {
    return OnnxModel.open(new ByteArrayInputStream(model.build().toByteArray()));
  }

  /** An LSTM whose weights are sums of constants, with states in and out. */
  private static GraphProto.Builder lstm() {
    return graph(
            node("Add", "W_part W_rest", "W"),
            node("LSTM", "x W R B _ h0 c0", "y4 hn cn")
                .setName("lstm")
                .addAttribute(attribute("hidden_size", UNITS)),
            node("Squeeze", "y4 one", "y"))
        .addInitializer(tensor("W_part", TestTensors.floats(1, 1, 4 * UNITS, INPUTS)))
        .addInitializer(tensor("W_rest", TestTensors.floats(2, 1, 4 * UNITS, INPUTS)))
        .addInitializer(tensor("R", TestTensors.floats(3, 1, 4 * UNITS, UNITS)))
        .addInitializer(tensor("B", TestTensors.floats(4, 1, 8 * UNITS)))
        .addInitializer(tensor("one", Tensor.of(new long[] {1}, 1)))
        .addInput(floats("x", "time", "batch", INPUTS))
        .addInput(floats("h0", 1, "batch", UNITS))
        .addInput(floats("c0", 1, "batch", UNITS))
        .addOutput(floats("y", "time", "batch", UNITS))
        .addOutput(floats("hn", 1, "batch", UNITS))
        .addOutput(floats("cn", 1, "batch", UNITS));
  }

  private static Map<String, Tensor> inputs(int time, int batch) {
    return Map.of(
        "x", TestTensors.floats(5, time, batch, INPUTS),
        "h0", TestTensors.floats(6, 1, batch, UNITS),
        "c0", TestTensors.floats(7, 1, batch, UNITS));
  }

  private static void refused(OnnxModel model, Map<String, Tensor> inputs, String... parts) {
    assertThatThrownBy(() -> model.run(inputs))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(parts)
        .hasMessageStartingWith("the ONNX model: ");
  }

  private static Map<String, Tensor> with(Map<String, Tensor> all, String name, Tensor tensor) {
    var other = new LinkedHashMap<>(all);
    other.put(name, tensor);
    return other;
  }

  @Test
  void weightsThatAreComputedOnceRunOnTheEngine() {
    OnnxModel model = open(model(lstm()));
    assertThat(model.placements())
        .extracting(each -> each.node().operator() + " " + each.where())
        .containsExactly("Add CONSTANT", "LSTM ENGINE", "Squeeze EVALUATOR");
    var expected = OnnxRuntime.run(model(lstm()).build(), inputs(4, 2));
    Map<String, Tensor> found = model.run(inputs(4, 2));
    assertThat(found.keySet()).containsExactly("y", "hn", "cn");
    expected.forEach(
        (name, tensor) -> {
          float[] should = tensor.floats();
          float[] is = found.get(name).floats();
          for (int i = 0; i < should.length; i++) {
            assertThat(is[i]).isCloseTo(should[i], offset(2e-6f));
          }
        });
  }

  @Test
  void inputsAreCheckedBeforeAnythingRuns() {
    OnnxModel model = open(model(lstm()));
    Map<String, Tensor> good = inputs(4, 2);
    refused(model, Map.of(), "the input x is missing", "x (float time×batch×3)");
    refused(model, with(good, "h1", good.get("h0")), "has no input h1");
    refused(model, with(good, "W_part", good.get("h0")), "has no input W_part");
    refused(
        model,
        with(good, "h0", Tensor.of(new double[10], 1, 2, 5)),
        "the input h0 is double 1×2×5, must be float 1×batch×5");
    refused(model, with(good, "h0", TestTensors.floats(1, 2, 5)), "h0 is float 2×5, must be");
    refused(model, with(good, "h0", TestTensors.floats(1, 1, 2, 4)), "h0 is float 1×2×4, must");
    refused(
        model,
        with(good, "c0", TestTensors.floats(1, 1, 3, 5)),
        "the axis batch must have one length:",
        "x float 4×2×3, h0 float 1×2×5, c0 float 1×3×5");
  }

  @Test
  void metadataAndValuesAreShown() {
    OnnxModel model = open(model(lstm()));
    assertThat(model.inputs())
        .hasToString("[x (float time×batch×3), h0 (float 1×batch×5), c0 (float 1×batch×5)]");
    assertThat(model.outputs()).hasSize(3);
    assertThat(model.metadata()).isEmpty();
    assertThat(model.optionalInputs()).isEmpty();
    assertThat(model.graph().origin().producer()).isEqualTo("test");
  }

  @Test
  void allMissingOperatorsAreNamedAtOnce() {
    GraphProto.Builder inner = graph(node("Fancy", "x", "z")).addOutput(floats("z"));
    ModelProto.Builder model =
        model(
            graph(
                    node("Attention", "x", "a").setDomain("com.microsoft"),
                    node("Fancy", "a", "b"),
                    node("If", "t", "y")
                        .addAttribute(attribute("then_branch", inner))
                        .addAttribute(attribute("else_branch", inner)))
                .addInput(floats("x"))
                .addInput(value(DataType.BOOL, "t"))
                .addOutput(floats("y")));
    assertThatThrownBy(() -> open(model))
        .hasMessageContaining(
            "not supported: Fancy (opset 17, 3 nodes), com.microsoft.Attention (no opset)");
  }

  @Test
  void aNodeThatCannotRunIsNamedWithItsInputs() {
    OnnxModel model =
        open(
            model(
                graph(node("MatMul", "x w", "y").setName("head"))
                    .addInitializer(tensor("w", TestTensors.floats(1, 4, 2)))
                    .addInput(floats("x", "n", "m"))
                    .addOutput(floats("y"))));
    refused(
        model,
        Map.of("x", TestTensors.floats(1, 3, 5)),
        "the node MatMul head: ",
        "(inputs: x float 3×5, w float 4×2)");
  }

  @Test
  void aValueOfTheModelMayBeReplacedWhereItIsAnInput() {
    GraphProto.Builder scaled =
        graph(node("Mul", "w w", "square"), node("Mul", "x square", "y"))
            .addInitializer(tensor("w", Tensor.of(new float[] {2})))
            .addInput(floats("x", "n"))
            .addInput(floats("w"))
            .addOutput(floats("y", "n"));
    OnnxModel model = open(model(scaled));
    Tensor x = Tensor.of(new float[] {1, 3}, 2);
    assertThat(model.inputs()).extracting(each -> each.name()).containsExactly("x");
    assertThat(model.optionalInputs()).extracting(each -> each.name()).containsExactly("w");
    assertThat(model.run(Map.of("x", x)).get("y").floats()).containsExactly(4, 12);
    assertThat(model.run(Map.of("x", x, "w", Tensor.of(new float[] {3}))).get("y").floats())
        .containsExactly(9, 27);
    OnnxModel old = open(model(scaled).setIrVersion(3)); // there all initializers are inputs
    assertThat(old.optionalInputs()).isEmpty();
    refused(old, Map.of("x", x, "w", x), "has no input w");
  }

  @Test
  void threadsShareAModelAndChangeNoBit() throws Exception {
    OnnxModel model = open(model(lstm()));
    Map<String, Tensor> expected = model.run(inputs(9, 7));
    try (var workers = new Workers(3);
        var threads = Executors.newFixedThreadPool(4)) {
      assertThat(model.run(inputs(9, 7), workers)).isEqualTo(expected);
      var calls = new ArrayList<Callable<Map<String, Tensor>>>();
      for (int i = 0; i < 40; i++) {
        calls.add(() -> model.run(inputs(9, 7)));
      }
      for (var each : threads.invokeAll(calls)) {
        assertThat(each.get()).isEqualTo(expected);
      }
    }
  }

  @Test
  void aStreamRemembersWhatOneRunComputes() {
    OnnxModel model = open(model(lstm()));
    Tensor x = TestTensors.floats(8, 6, 2, INPUTS);
    var zeros =
        Map.of(
            "x", x,
            "h0", Tensor.of(new float[2 * UNITS], 1, 2, UNITS),
            "c0", Tensor.of(new float[2 * UNITS], 1, 2, UNITS));
    float[] whole = model.run(zeros).get("y").floats();
    OnnxStream stream = model.stream();
    assertThat(stream.pairs()).isEqualTo(Map.of("h0", "hn", "c0", "cn"));
    assertThat(stream.state()).isEmpty();
    float[] all = x.floats();
    for (int round = 0; round < 2; round++) {
      var saved = Map.<String, Tensor>of();
      for (int t = 0; t < 6; t++) {
        Tensor step = Tensor.of(Arrays.copyOfRange(all, 6 * t, 6 * t + 6), 1, 2, INPUTS);
        if (t == 4) { // goes on in another stream
          saved = stream.state();
          stream = model.stream(Map.of("h0", "hn", "c0", "cn"));
          stream.restore(saved);
        }
        Map<String, Tensor> outputs = stream.step(Map.of("x", step));
        assertThat(outputs.keySet()).containsExactly("y");
        assertThat(outputs.get("y").floats())
            .isEqualTo(Arrays.copyOfRange(whole, 10 * t, 10 * t + 10));
      }
      stream.reset();
    }
  }

  @Test
  void streamsRefuseWhatIsNoState() {
    OnnxModel model = open(model(lstm()));
    OnnxStream stream = model.stream();
    Map<String, Tensor> good = inputs(1, 1);
    assertThatThrownBy(() -> stream.step(good)).hasMessageContaining("is a state");
    assertThatThrownBy(() -> stream.restore(Map.of("x", good.get("x"))))
        .hasMessageContaining("has no state x");
    assertThatThrownBy(() -> model.stream(Map.of("h", "hn"))).hasMessageContaining("no input h");
    assertThatThrownBy(() -> model.stream(Map.of("h0", "h"))).hasMessageContaining("no output h");
    assertThatThrownBy(() -> model.stream(Map.of("x", "hn")))
        .hasMessageContaining("hn (float 1×batch×5) is not a next value of x");
    assertThatThrownBy(
            () ->
                open(
                    model(
                        graph(node("Relu", "x", "y")).addInput(floats("x")).addOutput(floats("y"))))
                    .stream())
        .hasMessageContaining("which outputs are states");
  }

  @Test
  void aStateOfUnknownSizeMustBeGiven() {
    GraphProto.Builder sum =
        graph(node("Add", "x state_in", "state_out"), node("Relu", "state_out", "y"))
            .addInput(floats("x", "?"))
            .addInput(floats("state_in", "?"))
            .addOutput(floats("state_out", "?"))
            .addOutput(floats("y", "?"));
    OnnxStream stream = open(model(sum)).stream();
    Tensor one = Tensor.of(new float[] {1}, 1);
    assertThatThrownBy(() -> stream.step(Map.of("x", one)))
        .hasMessageContaining("how large the state state_in (float ?) is");
    stream.restore(Map.of("state_in", Tensor.of(new float[] {10}, 1)));
    stream.step(Map.of("x", one));
    assertThat(stream.step(Map.of("x", one)).get("y").floats()).containsExactly(12);
  }

  @Test
  void namesSayWhatIsFedBack() {
    for (List<String> pair :
        List.of(
            List.of("h0", "hn"),
            List.of("h_0", "h_n"),
            List.of("c0", "cn"),
            List.of("hx", "hy"),
            List.of("state_in", "state_out"),
            List.of("h_in", "h_out"),
            List.of("hiddenIn", "hiddenOut"),
            List.of("past_key", "present_key"),
            List.of("prev_x", "next_x"),
            List.of("lstm.0.state", "lstm.0.new_state"),
            List.of("h0_in", "h0_out"),
            List.of("initial_h", "Y_h"))) {
      assertThat(pairs(pair.get(0), pair.get(1))).isEqualTo(Map.of(pair.get(0), pair.get(1)));
    }
    for (List<String> other :
        List.of(
            List.of("x", "y"),
            List.of("input", "output"),
            List.of("audio_in", "audio_out"),
            List.of("h1_in", "h2_out"),
            List.of("h0", "cn"))) {
      assertThat(pairs(other.get(0), other.get(1))).isEmpty();
    }
  }

  private static Map<String, String> pairs(String input, String output) {
    return StatePairs.find(
        List.of(new Value(input, null, null)), List.of(new Value(output, null, null)));
  }
}
