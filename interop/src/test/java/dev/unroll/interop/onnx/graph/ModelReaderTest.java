package dev.unroll.interop.onnx.graph;

import static dev.unroll.interop.onnx.Models.attribute;
import static dev.unroll.interop.onnx.Models.floats;
import static dev.unroll.interop.onnx.Models.graph;
import static dev.unroll.interop.onnx.Models.model;
import static dev.unroll.interop.onnx.Models.node;
import static dev.unroll.interop.onnx.Models.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Models as files have them, whole ones and those that lie. */
class ModelReaderTest {

  private static ModelGraph read(ModelProto.Builder model) {
    return ModelReader.read(new ByteArrayInputStream(model.build().toByteArray()), "m.onnx");
  }

  private static void refused(ModelProto.Builder model, String... parts) {
    assertThatThrownBy(() -> read(model))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(parts)
        .hasMessageStartingWith("m.onnx: ");
  }

  private static GraphProto.Builder chain() {
    return graph(node("Relu", "b", "c").setName("second"), node("Add", "a w", "b"))
        .addInitializer(tensor("w", Tensor.of(new float[] {1, 2}, 2)))
        .addInput(floats("a", "batch", 2, "?"))
        .addOutput(floats("c"));
  }

  @Test
  void nodesAreBroughtIntoTheirOrder() {
    ModelGraph model = read(model(chain()));
    assertThat(model.graph().nodes()).extracting(Node::operator).containsExactly("Add", "Relu");
    assertThat(model.graph().inputs())
        .containsExactly(new Value("a", ElementType.FLOAT, List.of("batch", "2", "?")));
    assertThat(model.graph().initializers())
        .isEqualTo(Map.of("w", Tensor.of(new float[] {1, 2}, 2)));
    assertThat(model.opset("")).isEqualTo(17);
    assertThat(model.opset("com.microsoft")).isZero();
  }

  @Test
  void originIsRead() {
    var proto =
        model(chain())
            .setDocString("a doc")
            .setModelVersion(3)
            .addMetadataProps(StringStringEntryProto.newBuilder().setKey("k").setValue("v"));
    assertThat(read(proto).origin())
        .isEqualTo(new ModelGraph.Origin(8, "test", "", "", 3, "a doc", Map.of("k", "v")));
  }

  @Test
  void circlesAndNamesAreRefused() {
    refused(
        model(graph(node("Relu", "b", "a").setName("first"), node("Relu", "a", "b"))),
        "a cycle of nodes",
        "the node Relu first");
    refused(model(chain().addNode(node("Tanh", "a", "c"))), "c is defined twice", "Relu second");
    refused(model(chain().addNode(node("Tanh", "a", "w"))), "w is defined twice: it is given");
    refused(
        model(chain().addNode(node("Tanh", "nothing", "d"))),
        "the node Tanh d reads nothing, which nothing defines");
    refused(model(chain().addOutput(floats("x"))), "nothing defines the output x");
    refused(model(chain().addInput(floats("a"))), "has the input a twice");
    refused(model(chain().addOutput(floats("c"))), "has the output c twice");
  }

  @Test
  void graphsSeeTheNamesAroundThem() {
    GraphProto.Builder inner = graph(node("Add", "late w", "sum")).addOutput(floats("sum"));
    GraphProto.Builder outer =
        chain()
            .addNode(node("If", "test", "chosen").addAttribute(attribute("then_branch", inner)))
            .addNode(node("Relu", "a", "late"))
            .addNode(node("Relu", "a", "test"));
    Graph graph = read(model(outer)).graph();
    assertThat(graph.nodes()).extracting(Node::operator).last().isEqualTo("If");
    assertThat(Graph.in(graph.nodes().getLast()).getFirst().captured())
        .containsExactly("late", "w");
    inner.addNode(node("Tanh", "unknown", "x"));
    refused(
        model(
            outer.setNode(
                2,
                outer.getNode(2).toBuilder()
                    .clearAttribute()
                    .addAttribute(attribute("then_branch", inner)))),
        "reads unknown, which nothing defines");
  }

  @Test
  void functionsAreWrittenOut() {
    var twice =
        FunctionProto.newBuilder()
            .setDomain("own")
            .setName("AddTwice")
            .addInput("x")
            .addInput("y")
            .addOutput("z")
            .addAttribute("alpha")
            .addNode(node("Add", "x y", "t"))
            .addNode(
                node("LeakyRelu", "t", "z")
                    .addAttribute(
                        AttributeProto.newBuilder()
                            .setName("alpha")
                            .setRefAttrName("alpha")
                            .setType(AttributeProto.AttributeType.FLOAT)));
    NodeProto.Builder call =
        node("AddTwice", "a w", "b").setDomain("own").addAttribute(attribute("alpha", 0.5f));
    var proto =
        model(
                graph(call, node("AddTwice", "b w", "c").setDomain("own"))
                    .addInitializer(tensor("w", Tensor.of(new float[1], 1)))
                    .addInput(floats("a"))
                    .addOutput(floats("c")))
            .addFunctions(twice);
    List<Node> nodes = read(proto).graph().nodes();
    assertThat(nodes)
        .extracting(Node::operator)
        .containsExactly("Add", "LeakyRelu", "Add", "LeakyRelu");
    assertThat(nodes.get(0).outputs()).isEqualTo(nodes.get(1).inputs());
    assertThat(nodes.get(0).outputs()).isNotEqualTo(nodes.get(2).outputs());
    assertThat(nodes.get(1).attributes().real("alpha", 0)).isEqualTo(0.5f);
    assertThat(nodes.get(3).attributes().has("alpha")).isFalse();
    assertThat(nodes.get(3).outputs()).containsExactly("c");
  }

  @Test
  void functionsThatCallThemselvesOrGrowAreRefused() {
    FunctionProto.Builder self = function(0).addNode(node("f0", "x", "z").setDomain("own"));
    GraphProto.Builder calling =
        graph(node("f0", "a", "b").setDomain("own")).addInput(floats("a")).addOutput(floats("b"));
    refused(model(calling).addFunctions(self), "the function f0 calls itself");

    var bomb = model(calling);
    for (int i = 0; i < 30; i++) {
      bomb.addFunctions(
          function(i)
              .addNode(node("f" + (i + 1), "x", "y").setDomain("own"))
              .addNode(node("f" + (i + 1), "y", "z").setDomain("own")));
    }
    bomb.addFunctions(function(30).addNode(node("Relu", "x", "z")));
    refused(bomb, "more than");
  }

  private static FunctionProto.Builder function(int number) {
    return FunctionProto.newBuilder()
        .setDomain("own")
        .setName("f" + number)
        .addInput("x")
        .addOutput("z");
  }

  @Test
  void nestingIsLimited() {
    GraphProto.Builder inner = graph(node("Relu", "a", "b")).addOutput(floats("b"));
    for (int i = 0; i < 17; i++) {
      inner = graph(node("If", "a", "b").addAttribute(attribute("then_branch", inner)));
    }
    refused(model(inner.addInput(floats("a"))), "nested deeper than 16");
    for (int i = 0; i < 30; i++) {
      inner = graph(node("If", "a", "b").addAttribute(attribute("then_branch", inner)));
    }
    var deep = model(inner);
    refused(deep, "nested deeper than");
  }

  @Test
  void versionsAreChecked() {
    refused(model(chain()).setIrVersion(2), "version 2 of the ONNX format");
    refused(model(chain()).setIrVersion(99), "version 99 of the ONNX format");
    var opset = OperatorSetIdProto.newBuilder();
    refused(model(chain()).setOpsetImport(0, opset.setVersion(6)), "opset", "7 to 24");
    refused(model(chain()).setOpsetImport(0, opset.setVersion(25)), "opset", "7 to 24");
    refused(model(chain()).addOpsetImport(opset.setVersion(9)), "two versions");
  }

  @Test
  void whatIsNotSupportedIsNamed() {
    var sparse = SparseTensorProto.newBuilder().setValues(TensorProto.newBuilder().setName("s"));
    refused(model(chain().addSparseInitializer(sparse)), "sparse", ": s");
    var eighth = TensorProto.newBuilder().setName("w8").setDataType(17);
    refused(model(chain().addInitializer(eighth)), "w8", "float8e4m3fn");
    var odd = TensorProto.newBuilder().setName("w8").setDataType(99);
    refused(model(chain().addInitializer(odd)), "w8", "type 99");
  }

  @Test
  void cutFilesAreRefused() {
    byte[] whole = model(chain()).build().toByteArray();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> ModelReader.read(new ByteArrayInputStream(cut), "m.onnx"))
          .isInstanceOf(InputException.class);
    }
  }

  /** Two bytes a node would be gigabytes of objects. */
  @Test
  void aFileOfEmptyMessagesTakesNoMemory() {
    var bytes = new byte[40_000_000];
    for (int i = 0; i < bytes.length; i += 2) {
      bytes[i] = 0x42; // opset_import, of length 0
    }
    byte[] graph = new byte[bytes.length + 6];
    System.arraycopy(bytes, 0, graph, 0, bytes.length);
    assertThatThrownBy(() -> ModelReader.read(new ByteArrayInputStream(graph), "m.onnx"))
        .hasMessageContaining("of the heap");
  }
}
