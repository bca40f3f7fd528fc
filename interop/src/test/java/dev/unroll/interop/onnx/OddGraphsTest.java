package dev.unroll.interop.onnx;

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

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.unroll.interop.onnx.run.Placement;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.tensor.TestTensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs that are rare but allowed, beside ONNX Runtime. */
class OddGraphsTest {

  private static final int INPUTS = 3;
  private static final int UNITS = 4;

  private static int gates(String operator) {
    return operator.equals("LSTM") ? 4 : operator.equals("GRU") ? 3 : 1;
  }

  private static ModelProto.Builder opset(ModelProto.Builder model, int version) {
    return model
        .clearOpsetImport()
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(version));
  }

  /** A recurrent node with random weights; states are inputs where {@code begins}. */
  private static GraphProto.Builder recurrent(String operator, int ways, boolean begins) {
    int gates = gates(operator);
    boolean memory = operator.equals("LSTM");
    String states = begins ? " _ h0" + (memory ? " c0" : "") : "";
    var node =
        node(operator, "x W R B" + states, "y hn" + (memory ? " cn" : ""))
            .addAttribute(attribute("hidden_size", UNITS));
    if (ways == 2) {
      node.addAttribute(attribute("direction", "bidirectional"));
    }
    GraphProto.Builder graph =
        graph(node)
            .addInitializer(tensor("W", TestTensors.floats(1, ways, gates * UNITS, INPUTS)))
            .addInitializer(tensor("R", TestTensors.floats(2, ways, gates * UNITS, UNITS)))
            .addInitializer(tensor("B", TestTensors.floats(3, ways, 2 * gates * UNITS)))
            .addInput(floats("x", "time", "batch", INPUTS))
            .addOutput(floats("y", "time", ways, "batch", UNITS))
            .addOutput(floats("hn", ways, "batch", UNITS));
    if (begins) {
      graph.addInput(floats("h0", ways, "batch", UNITS));
    }
    if (memory) {
      graph.addOutput(floats("cn", ways, "batch", UNITS));
      if (begins) {
        graph.addInput(floats("c0", ways, "batch", UNITS));
      }
    }
    return graph;
  }

  private static Map<String, Tensor> inputs(
      String operator, int ways, boolean begins, int time, int batch) {
    var inputs = new LinkedHashMap<String, Tensor>();
    inputs.put("x", TestTensors.floats(4, time, batch, INPUTS));
    if (begins) {
      inputs.put("h0", TestTensors.floats(5, ways, batch, UNITS));
      if (operator.equals("LSTM")) {
        inputs.put("c0", TestTensors.floats(6, ways, batch, UNITS));
      }
    }
    return inputs;
  }

  @ParameterizedTest
  @CsvSource({
    "LSTM, 1, true",
    "LSTM, 2, false",
    "GRU, 1, true",
    "GRU, 2, true",
    "RNN, 1, false",
    "RNN, 2, true"
  })
  void aBatchOfNothingGivesNothing(String operator, int ways, boolean begins) {
    var graph = recurrent(operator, ways, begins);
    for (int opset : List.of(7, 14, 22)) {
      var found = open(opset(model(graph), opset)).run(inputs(operator, ways, begins, 5, 0));
      assertThat(found.get("y").shape()).isEqualTo(Shape.of(5, ways, 0, UNITS));
      assertThat(found.get("hn").shape()).isEqualTo(Shape.of(ways, 0, UNITS));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "LSTM, 1, true",
    "LSTM, 2, false",
    "GRU, 1, true",
    "GRU, 2, true",
    "RNN, 1, false",
    "RNN, 2, true"
  })
  void noStepsEndWithTheStateTheyBeginWith(String operator, int ways, boolean begins) {
    var inputs = inputs(operator, ways, begins, 0, 2);
    var found = open(model(recurrent(operator, ways, begins))).run(inputs);
    assertThat(found.get("y").shape()).isEqualTo(Shape.of(0, ways, 2, UNITS));
    Tensor zeros = Tensor.of(new float[ways * 2 * UNITS], ways, 2, UNITS);
    assertThat(found.get("hn")).isEqualTo(inputs.getOrDefault("h0", zeros));
    if (operator.equals("LSTM")) {
      assertThat(found.get("cn")).isEqualTo(inputs.getOrDefault("c0", zeros));
    }
  }

  @ParameterizedTest
  @CsvSource({"LSTM, 1", "LSTM, 2", "GRU, 2", "RNN, 1"})
  void opsetsOfAllYearsComputeTheSame(String operator, int ways) {
    var graph = recurrent(operator, ways, true);
    var inputs = inputs(operator, ways, true, 6, 3);
    var expected = agree(opset(model(graph), 14), inputs);
    for (int opset = 7; opset <= 24; opset++) {
      assertThat(open(opset(model(graph), opset)).run(inputs)).isEqualTo(expected);
    }
    agree(opset(model(graph), 7), inputs);
    agree(opset(model(graph), 22), inputs);
  }

  /** Outputs and inputs in the middle may be left out. */
  @ParameterizedTest
  @ValueSource(strings = {"_ h", "_ _ c", "y _ c", "y", "_ h c"})
  void outputsMayBeLeftOut(String outputs) {
    var node =
        node("LSTM", "x W R _ lengths _ c0", outputs).addAttribute(attribute("hidden_size", UNITS));
    GraphProto.Builder graph =
        graph(node)
            .addInitializer(tensor("W", TestTensors.floats(1, 1, 4 * UNITS, INPUTS)))
            .addInitializer(tensor("R", TestTensors.floats(2, 1, 4 * UNITS, UNITS)))
            .addInput(floats("x", "time", "batch", INPUTS))
            .addInput(value(DataType.INT32, "lengths", "batch"))
            .addInput(floats("c0", 1, "batch", UNITS));
    for (String name : List.of("y", "h", "c")) {
      if (List.of(outputs.split(" ", -1)).contains(name)) {
        graph.addOutput(floats(name));
      }
    }
    agree(
        model(graph),
        Map.of(
            "x", TestTensors.floats(4, 5, 3, INPUTS),
            "lengths", Tensor.adopt(ElementType.INT32, Shape.of(3), new long[] {5, 2, 4}),
            "c0", TestTensors.floats(6, 1, 3, UNITS)));
  }

  /** Weights in 16 and 8 bits become floats once, before the first run, and run on the engine. */
  @ParameterizedTest
  @ValueSource(strings = {"FLOAT16", "BFLOAT16", "DOUBLE", "INT8"})
  void weightsOfOtherTypesRunOnTheEngine(String type) {
    GraphProto.Builder graph = recurrent("GRU", 1, true).clearInitializer();
    for (String name : List.of("W", "R", "B")) {
      int[] axes =
          switch (name) {
            case "W" -> new int[] {1, 3 * UNITS, INPUTS};
            case "R" -> new int[] {1, 3 * UNITS, UNITS};
            default -> new int[] {1, 6 * UNITS};
          };
      var stored = ElementType.valueOf(type);
      graph.addInitializer(tensor(name + "_stored", TestTensors.random(stored, 7, axes)));
      if (stored == ElementType.INT8) {
        graph.addInitializer(tensor(name + "_scale", Tensor.of(new float[] {0.01f})));
        graph.addNode(node("DequantizeLinear", name + "_stored " + name + "_scale", name));
      } else {
        graph.addNode(node("Cast", name + "_stored", name).addAttribute(attribute("to", 1)));
      }
    }
    NodeProto recurrent = graph.getNode(0);
    graph.removeNode(0).addNode(recurrent); // after what it reads
    var inputs = inputs("GRU", 1, true, 4, 2);
    agree(model(graph), inputs);
    assertThat(open(model(graph)).placements().getLast().where()).isEqualTo(Placement.Where.ENGINE);
  }

  @Test
  void inputsAndConstantsMayBeOutputs() {
    GraphProto.Builder graph =
        graph(node("Relu", "x", "y"), node("Identity", "x", "unused"))
            .addInitializer(tensor("w", TestTensors.floats(1, 2)))
            .addInitializer(tensor("never read", TestTensors.floats(1, 2)))
            .addInput(floats("x", "n"))
            .addInput(floats("z", "?"))
            .addOutput(floats("y", "n"))
            .addOutput(floats("w", 2))
            .addOutput(floats("x", "n"));
    agree(model(graph), Map.of("x", TestTensors.floats(2, 3), "z", TestTensors.floats(2, 7)));
  }

  @Test
  void aGraphMayHaveNoInputsAndNoNodes() {
    agree(
        model(
            graph(node("Neg", "w", "y"))
                .addInitializer(tensor("w", TestTensors.floats(1, 2)))
                .addOutput(floats("y", 2))),
        Map.of());
    assertThat(
            open(model(graph().addInput(floats("x", "n")).addOutput(floats("x", "n"))))
                .run(Map.of("x", TestTensors.floats(1, 2))))
        .containsEntry("x", TestTensors.floats(1, 2));
  }

  /** Sums of some rows of a table, both given by default. */
  private static ModelProto.Builder sums(Tensor table, Tensor picks) {
    return model(
        graph(node("Gather", "table picks", "rows"), node("ReduceSum", "rows axes", "y"))
            .addInitializer(tensor("table", table))
            .addInitializer(tensor("picks", picks))
            .addInitializer(tensor("axes", Tensor.of(new long[] {-1}, 1)))
            .addInput(floats("table", "rows", 3))
            .addInput(value(DataType.INT64, "picks", "n"))
            .addOutput(floats("y", "n", 1)));
  }

  /** ONNX Runtime computes the same with other defaults, as its Java takes no others in a run. */
  @Test
  void whatIsGivenByDefaultMayBeReplacedByAnotherNumberOfRows() {
    Tensor table = TestTensors.floats(1, 4, 3);
    Tensor usual = Tensor.of(new long[] {0, 3}, 2);
    OnnxModel model = open(sums(table, usual));
    assertThat(model.run(Map.of())).isEqualTo(agree(sums(table, usual), Map.of()));
    for (long[] picks : new long[][] {{-1, 1, 2}, {2}}) {
      Tensor other = Tensor.of(picks, picks.length);
      assertThat(model.run(Map.of("picks", other))).isEqualTo(agree(sums(table, other), Map.of()));
    }
    Tensor larger = TestTensors.floats(2, 9, 3);
    assertThat(model.run(Map.of("table", larger))).isEqualTo(agree(sums(larger, usual), Map.of()));
  }

  /** Numbers stand in the field that the specification has for their type. */
  @Test
  void initializersMayBeInTypedFields() {
    GraphProto.Builder graph =
        graph(
                node("Cast", "half", "a").addAttribute(attribute("to", 1)),
                node("Cast", "bhalf", "b").addAttribute(attribute("to", 1)),
                node("Cast", "small", "c").addAttribute(attribute("to", 1)),
                node("Cast", "wide", "d").addAttribute(attribute("to", 1)),
                node("Cast", "yes", "e").addAttribute(attribute("to", 1)),
                node("Cast", "byte", "f").addAttribute(attribute("to", 1)),
                node("Cast", "none", "g").addAttribute(attribute("to", 7)))
            .addInitializer(
                typed("half", DataType.FLOAT16, 2).addInt32Data(0x3c00).addInt32Data(0xfbff))
            .addInitializer(typed("bhalf", DataType.BFLOAT16, 1).addInt32Data(0xc040))
            .addInitializer(typed("small", DataType.INT8, 2).addInt32Data(-128).addInt32Data(127))
            .addInitializer(typed("wide", DataType.UINT32, 1).addUint64Data(4_000_000_000L))
            .addInitializer(typed("yes", DataType.BOOL, 2).addInt32Data(1).addInt32Data(0))
            .addInitializer(typed("byte", DataType.UINT8).addInt32Data(255))
            .addInitializer(typed("none", DataType.FLOAT, 0, 3));
    for (String name : List.of("a", "b", "c", "d", "e", "f")) {
      graph.addOutput(floats(name));
    }
    graph.addOutput(value(DataType.INT64, "g"));
    graph
        .getOutputBuilderList()
        .forEach(each -> each.getTypeBuilder().getTensorTypeBuilder().clearShape());
    agree(model(graph), Map.of());
  }

  private static TensorProto.Builder typed(String name, DataType type, long... axes) {
    var proto = TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
    for (long axis : axes) {
      proto.addDims(axis);
    }
    return proto;
  }

  @Test
  void metadataIsTextOfAnyKind() {
    ModelProto.Builder model =
        model(graph(node("Relu", "x", "y")).addInput(floats("x")).addOutput(floats("y")));
    model.addMetadataProps(entry("labels", "[\"gut\", \"schlecht\"]\n"));
    model.addMetadataProps(entry("", "no name"));
    model.addMetadataProps(entry("große Namen 🙂", ""));
    assertThat(open(model).metadata())
        .containsEntry("labels", "[\"gut\", \"schlecht\"]\n")
        .containsEntry("", "no name")
        .containsEntry("große Namen 🙂", "")
        .hasSize(3);
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  /** {@code ai.onnx} is another name of the domain without one. */
  @Test
  void theDomainOfOnnxMayBeNamed() {
    ModelProto.Builder model =
        model(
            graph(node("Relu", "x", "y").setDomain("ai.onnx"))
                .addInput(floats("x", "n"))
                .addOutput(floats("y", "n")));
    model.getOpsetImportBuilder(0).setDomain("ai.onnx");
    assertThat(open(model).run(Map.of("x", Tensor.of(new float[] {-1, 2}, 2))).get("y").floats())
        .containsExactly(0, 2);
  }

  /** A scan along no steps returns its states, and sequences of nothing. */
  @Test
  void aScanOfNoSteps() {
    GraphProto.Builder body =
        graph(node("Add", "h a", "next"), node("Neg", "next", "out"))
            .addInput(floats("h", 3))
            .addInput(floats("a", 3))
            .addOutput(floats("next", 3))
            .addOutput(floats("out", 3));
    ModelProto.Builder model =
        model(
            graph(
                    node("Scan", "h0 x", "hn y")
                        .addAttribute(attribute("body", body))
                        .addAttribute(attribute("num_scan_inputs", 1)))
                .addInput(floats("h0", 3))
                .addInput(floats("x", "time", 3))
                .addOutput(floats("hn", 3))
                .addOutput(floats("y", "time", 3)));
    var inputs = Map.of("h0", TestTensors.floats(1, 3), "x", TestTensors.floats(2, 0, 3));
    var found = open(model).run(inputs);
    assertThat(found.get("hn")).isEqualTo(inputs.get("h0"));
    assertThat(found.get("y")).isEqualTo(Tensor.of(new float[0], 0, 3));
  }

  /** The type of what a loop without steps would have collected follows from its graph. */
  @Test
  void aLoopOfNoStepsKnowsTheTypesItWouldCollect() {
    GraphProto.Builder body =
        graph(node("Identity", "on", "goes_on"), node("Identity", "i", "number"))
            .addInput(value(DataType.INT64, "i"))
            .addInput(value(DataType.BOOL, "on"))
            .addOutput(value(DataType.BOOL, "goes_on"))
            .addOutput(value(DataType.INT64, "number"));
    for (long most : new long[] {0, -1, 3}) {
      agree(
          model(
              graph(node("Loop", "most _", "numbers").addAttribute(attribute("body", body)))
                  .addInput(value(DataType.INT64, "most"))
                  .addOutput(value(DataType.INT64, "numbers", "n"))),
          Map.of("most", Tensor.of(new long[] {most})));
    }
  }
}
