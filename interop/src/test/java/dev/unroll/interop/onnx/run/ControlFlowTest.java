package dev.unroll.interop.onnx.run;

import static dev.unroll.interop.onnx.Agreement.agree;
import static dev.unroll.interop.onnx.Agreement.open;
import static dev.unroll.interop.onnx.Models.attribute;
import static dev.unroll.interop.onnx.Models.floats;
import static dev.unroll.interop.onnx.Models.graph;
import static dev.unroll.interop.onnx.Models.model;
import static dev.unroll.interop.onnx.Models.node;
import static dev.unroll.interop.onnx.Models.tensor;
import static dev.unroll.interop.onnx.Models.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.unroll.base.InputException;
import dev.unroll.interop.onnx.OnnxModel;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.tensor.TestTensors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Conditions and loops beside ONNX Runtime, and those that it would run forever. */
class ControlFlowTest {

  private static Tensor flag(boolean value) {
    return Tensor.adopt(ElementType.BOOL, Shape.of(), new boolean[] {value});
  }

  @Test
  void ifRunsOneOfTwoGraphsThatSeeTheNamesAround() {
    GraphProto.Builder sum = graph(node("Add", "late w", "s")).addOutput(floats("s"));
    GraphProto.Builder nested =
        graph(
                node("If", "other", "r")
                    .addAttribute(attribute("then_branch", sum))
                    .addAttribute(
                        attribute(
                            "else_branch", graph(node("Neg", "x", "n")).addOutput(floats("n")))))
            .addOutput(floats("r"));
    ModelProto.Builder model =
        model(
            graph(
                    node("Tanh", "x", "late"),
                    node("If", "test", "y")
                        .addAttribute(attribute("then_branch", nested))
                        .addAttribute(
                            attribute(
                                "else_branch",
                                graph(node("Mul", "late late", "m")).addOutput(floats("m")))))
                .addInitializer(tensor("w", TestTensors.floats(1, 3)))
                .addInput(floats("x", "n", 3))
                .addInput(value(DataType.BOOL, "test"))
                .addInput(value(DataType.BOOL, "other"))
                .addOutput(floats("y", "n", 3)));
    Tensor x = TestTensors.floats(2, 2, 3);
    for (boolean test : List.of(true, false)) {
      for (boolean other : List.of(true, false)) {
        agree(model, Map.of("x", x, "test", flag(test), "other", flag(other)));
      }
    }
  }

  /** Adds the step's number to a state that is multiplied by w, and stacks both. */
  private static GraphProto.Builder loopBody(NodeProto.Builder condition) {
    return graph(
            node("Cast", "i", "real").addAttribute(attribute("to", 1)),
            node("Mul", "before w", "scaled"),
            node("Add", "scaled real", "after"),
            node("Identity", "after", "kept"),
            condition)
        .addInput(value(DataType.INT64, "i"))
        .addInput(value(DataType.BOOL, "on"))
        .addInput(floats("before", 2))
        .addOutput(value(DataType.BOOL, "goes_on"))
        .addOutput(floats("after", 2))
        .addOutput(floats("kept", 2))
        .addOutput(floats("real"));
  }

  private static ModelProto.Builder loop(String inputs, NodeProto.Builder condition) {
    return model(
        graph(
                node("Loop", inputs, "last kept_all numbers")
                    .setName("recurrence")
                    .addAttribute(attribute("body", loopBody(condition))))
            .addInitializer(tensor("w", Tensor.of(new float[] {0.5f, -0.7f}, 2)))
            .addInitializer(tensor("limit", Tensor.of(new float[] {7})))
            .addInput(value(DataType.INT64, "most"))
            .addInput(value(DataType.BOOL, "begins"))
            .addInput(floats("start", 2))
            .addOutput(floats("last", 2))
            .addOutput(floats("kept_all", "steps", 2))
            .addOutput(floats("numbers", "steps")));
  }

  private static Map<String, Tensor> loopInputs(long most, boolean begins) {
    return Map.of(
        "most", Tensor.of(new long[] {most}),
        "begins", flag(begins),
        "start", Tensor.of(new float[] {3, -2}, 2));
  }

  @Test
  void loopsEndByNumberOrByCondition() {
    NodeProto.Builder always = node("Identity", "on", "goes_on");
    NodeProto.Builder below = node("Less", "real limit", "goes_on");
    for (String inputs : List.of("most begins start", "most _ start")) {
      agree(loop(inputs, always), loopInputs(5, true));
      agree(loop(inputs, below), loopInputs(100, true));
      agree(loop(inputs, below), loopInputs(4, true));
    }
    agree(loop("_ begins start", below), loopInputs(1, true));
    agree(loop("most begins start", always), loopInputs(1, true));
  }

  /** As PyTorch exports a scripted cell in opset 11: what a step passes on is collected, too. */
  @Test
  void aBodyMayGiveOutOneValueTwice() {
    GraphProto.Builder body =
        graph(node("Mul", "before w", "after"), node("Identity", "on", "goes_on"))
            .addInput(value(DataType.INT64, "i"))
            .addInput(value(DataType.BOOL, "on"))
            .addInput(floats("before", 2))
            .addOutput(value(DataType.BOOL, "goes_on"))
            .addOutput(floats("after", 2))
            .addOutput(floats("after", 2));
    ModelProto.Builder model =
        model(
            graph(node("Loop", "most _ start", "last all").addAttribute(attribute("body", body)))
                .addInitializer(tensor("w", Tensor.of(new float[] {0.5f, -0.7f}, 2)))
                .addInput(value(DataType.INT64, "most"))
                .addInput(floats("start", 2))
                .addOutput(floats("last", 2))
                .addOutput(floats("all", "steps", 2)));
    agree(
        model,
        Map.of("most", Tensor.of(new long[] {3}), "start", Tensor.of(new float[] {3, -2}, 2)));
  }

  @Test
  void aLoopWithoutStepsCollectsNothing() {
    Map<String, Tensor> outputs =
        open(loop("most begins start", node("Identity", "on", "goes_on")))
            .run(loopInputs(5, false));
    assertThat(outputs.get("last")).isEqualTo(Tensor.of(new float[] {3, -2}, 2));
    assertThat(outputs.get("kept_all")).isEqualTo(Tensor.of(new float[0], 0, 2));
    assertThat(outputs.get("numbers")).isEqualTo(Tensor.of(new float[0], 0));
  }

  @Test
  void aLoopThatNeverEndsIsStopped() {
    OnnxModel model = open(loop("_ begins start", node("Identity", "on", "goes_on")));
    assertThatThrownBy(() -> model.withMaxSteps(1000).run(loopInputs(1, true)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the node Loop recurrence continues after 1,000 steps")
        .hasMessageContaining("OnnxModel.withMaxSteps");
    assertThat(
            open(loop("most _ start", node("Identity", "on", "goes_on")))
                .withMaxSteps(5)
                .run(loopInputs(5, true)))
        .hasSize(3);
  }

  /** Each of nested loops takes few steps, all together take many. */
  @Test
  void stepsOfNestedLoopsCountTogether() {
    GraphProto.Builder body =
        graph(node("Identity", "on", "c"), node("Relu", "before", "after"))
            .addInput(value(DataType.INT64, "i"))
            .addInput(value(DataType.BOOL, "on"))
            .addInput(floats("before"))
            .addOutput(value(DataType.BOOL, "c"))
            .addOutput(floats("after"));
    for (int i = 0; i < 6; i++) {
      body =
          graph(
                  node("Loop", "many _ before", "after").addAttribute(attribute("body", body)),
                  node("Identity", "on", "c"))
              .addInput(value(DataType.INT64, "i"))
              .addInput(value(DataType.BOOL, "on"))
              .addInput(floats("before"))
              .addOutput(value(DataType.BOOL, "c"))
              .addOutput(floats("after"));
    }
    OnnxModel model =
        open(
            model(
                graph(node("Loop", "many _ x", "y").addAttribute(attribute("body", body)))
                    .addInitializer(tensor("many", Tensor.of(new long[] {20})))
                    .addInput(floats("x"))
                    .addOutput(floats("y"))));
    assertThatThrownBy(
            () -> model.withMaxSteps(10_000).run(Map.of("x", Tensor.of(new float[] {1}))))
        .hasMessageContaining("continues after 10,000 steps");
  }

  /** h⟨t⟩ = tanh(h⟨t-1⟩ + a⟨t⟩ ∗ b⟨t⟩), on sequences with other axes and directions. */
  @Test
  void scanWalksAlongAnyAxisInAnyDirection() {
    for (int variant = 0; variant < 16; variant++) {
      int axisA = variant & 1;
      int direction = variant >> 1 & 1;
      int outAxis = variant >> 2 & 1;
      int outDirection = variant >> 3 & 1;
      GraphProto.Builder body =
          graph(
                  node("Mul", "a b", "product"),
                  node("Add", "h product", "sum"),
                  node("Tanh", "sum", "next"),
                  node("Neg", "next", "out"))
              .addInput(floats("h", 3))
              .addInput(floats("a", 3))
              .addInput(floats("b", 3))
              .addOutput(floats("next", 3))
              .addOutput(floats("out", 3));
      ModelProto.Builder model =
          model(
              graph(
                      node("Scan", "h0 x z", "hn y")
                          .addAttribute(attribute("body", body))
                          .addAttribute(attribute("num_scan_inputs", 2))
                          .addAttribute(attribute("scan_input_axes", new int[] {axisA, -2}))
                          .addAttribute(
                              attribute("scan_input_directions", new int[] {direction, 0}))
                          .addAttribute(attribute("scan_output_axes", new int[] {outAxis}))
                          .addAttribute(
                              attribute("scan_output_directions", new int[] {outDirection})))
                  .addInput(floats("h0", 3))
                  .addInput(floats("x", "p", "q"))
                  .addInput(floats("z", 4, 3))
                  .addOutput(floats("hn", 3))
                  .addOutput(floats("y", "r", "s")));
      Tensor x = axisA == 0 ? TestTensors.floats(5, 4, 3) : TestTensors.floats(6, 3, 4);
      agree(
          model, Map.of("h0", TestTensors.floats(7, 3), "x", x, "z", TestTensors.floats(8, 4, 3)));
    }
  }

  /** Scan of opset 8 has sequences of a batch, each of its own length. */
  @Test
  void aScanOfOpset8RunsAlongEachSequenceOfABatch() {
    GraphProto.Builder body =
        graph(node("Add", "h a", "sum"), node("Mul", "sum b", "next"), node("Neg", "sum", "out"))
            .addInput(floats("h", 3))
            .addInput(floats("a", 3))
            .addInput(floats("b", 3))
            .addOutput(floats("next", 3))
            .addOutput(floats("out", 3));
    for (String lengths : List.of("_", "lengths")) {
      for (int direction = 0; direction < 2; direction++) {
        ModelProto.Builder model =
            model(
                graph(
                        node("Scan", lengths + " h0 x z", "hn y")
                            .addAttribute(attribute("body", body))
                            .addAttribute(attribute("num_scan_inputs", 2))
                            .addAttribute(attribute("directions", new int[] {direction, 0})))
                    .addInitializer(tensor("lengths", Tensor.of(new long[] {4, 2}, 2)))
                    .addInput(floats("h0", 2, 3))
                    .addInput(floats("x", 2, 4, 3))
                    .addInput(floats("z", 2, 4, 3))
                    .addOutput(floats("hn", 2, 3))
                    .addOutput(floats("y", 2, 4, 3)));
        model.getOpsetImportBuilder(0).setVersion(8);
        agree(
            model,
            Map.of(
                "h0", TestTensors.floats(1, 2, 3),
                "x", TestTensors.floats(2, 2, 4, 3),
                "z", TestTensors.floats(3, 2, 4, 3)));
      }
    }
  }

  /** Leaky(αx + y) twice, once with the default of α, and in a condition. */
  @Test
  void functionsOfTheModelComputeWhatTheirNodesDo() {
    var slope =
        AttributeProto.newBuilder()
            .setName("alpha")
            .setRefAttrName("slope")
            .setType(AttributeProto.AttributeType.FLOAT);
    var function =
        FunctionProto.newBuilder()
            .setDomain("own")
            .setName("Leak")
            .addInput("x")
            .addInput("y")
            .addOutput("z")
            .addAttributeProto(attribute("slope", 0.25f))
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
            .addNode(node("Add", "x y", "sum"))
            .addNode(node("LeakyRelu", "sum", "z").addAttribute(slope));
    GraphProto.Builder branch =
        graph(node("Leak", "a w", "inner").setDomain("own")).addOutput(floats("inner"));
    ModelProto.Builder model =
        model(
                graph(
                        node("Leak", "x w", "a")
                            .setDomain("own")
                            .addAttribute(attribute("slope", 0.5f)),
                        node("If", "test", "y")
                            .addAttribute(attribute("then_branch", branch))
                            .addAttribute(
                                attribute(
                                    "else_branch",
                                    graph(node("Neg", "a", "n")).addOutput(floats("n")))))
                    .addInitializer(tensor("w", TestTensors.floats(1, 3)))
                    .addInput(floats("x", 3))
                    .addInput(value(DataType.BOOL, "test"))
                    .addOutput(floats("y", 3)))
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("own").setVersion(1))
            .addFunctions(function);
    for (boolean test : List.of(true, false)) {
      agree(model, Map.of("x", TestTensors.floats(2, 3), "test", flag(test)));
    }
  }

  @Test
  void sequencesOfDifferentLengthsAreRefused() {
    GraphProto.Builder body =
        graph(node("Add", "a b", "c"))
            .addInput(floats("a"))
            .addInput(floats("b"))
            .addOutput(floats("c"));
    OnnxModel model =
        open(
            model(
                graph(
                        node("Scan", "x z", "y")
                            .addAttribute(attribute("body", body))
                            .addAttribute(attribute("num_scan_inputs", 2)))
                    .addInput(floats("x", "n"))
                    .addInput(floats("z", "m"))
                    .addOutput(floats("y"))));
    assertThatThrownBy(
            () -> model.run(Map.of("x", TestTensors.floats(1, 3), "z", TestTensors.floats(1, 4))))
        .hasMessageContainingAll(
            "the node Scan y: its sequences have different lengths: 3 and 4",
            "x float 3",
            "z float 4");
  }

  @Test
  void graphsThatDoNotFitTheirNodeAreRefused() {
    GraphProto.Builder one = graph(node("Relu", "x", "y")).addOutput(floats("y"));
    refused(node("If", "x", "z").addAttribute(attribute("then_branch", one)), "else_branch");
    refused(node("Loop", "_ _ x", "z").addAttribute(attribute("body", one)), "of 0 inputs");
    refused(node("Scan", "x", "z").addAttribute(attribute("body", one)), "0 are sequences");
    refused(node("Loop", "_ _ x", "z"), "has no graph body");
  }

  private static void refused(NodeProto.Builder node, String part) {
    var model = model(graph(node).addInput(floats("x")).addOutput(floats("z")));
    assertThatThrownBy(() -> open(model))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(part);
  }
}
