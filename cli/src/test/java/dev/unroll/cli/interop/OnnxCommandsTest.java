package dev.unroll.cli.interop;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.unroll.cli.Session;
import dev.unroll.interop.onnx.graph.TensorProtos;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.NpyFile;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.tensor.TensorJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code unroll onnx} on small models: y = w x + b, and a GRU of PyTorch with a known fault. */
class OnnxCommandsTest {

  @TempDir Path folder;
  private Path model;

  private static ValueInfoProto floats(String name, int... axes) {
    var shape = TensorShapeProto.newBuilder();
    for (int axis : axes) {
      if (axis < 0) {
        shape.addDimBuilder().setDimParam("batch");
      } else {
        shape.addDimBuilder().setDimValue(axis);
      }
    }
    var tensor = TypeProto.Tensor.newBuilder().setElemType(1).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static NodeProto.Builder node(String operator, String name, String... inputs) {
    var node = NodeProto.newBuilder().setOpType(operator).setName(name).addOutput(name);
    for (String each : inputs) {
      node.addInput(each);
    }
    return node;
  }

  private Path write(String name, GraphProto.Builder graph) throws IOException {
    var proto =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .setProducerName("pytorch")
            .setProducerVersion("2.9\u001b[31m")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
            .addMetadataProps(StringStringEntryProto.newBuilder().setKey("made").setValue("today"))
            .setGraph(graph);
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, proto.build().toByteArray());
  }

  private static GraphProto.Builder affine() {
    return GraphProto.newBuilder()
        .addNode(node("MatMul", "product", "x", "w"))
        .addNode(node("Add", "../y", "product", "b"))
        .addInitializer(TensorProtos.write(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2), "w"))
        .addInput(floats("x", -1, 2))
        .addInput(floats("b", 2))
        .addOutput(floats("../y", -1, 2));
  }

  @BeforeEach
  void writeModel() throws IOException {
    model = write("m.onnx", affine());
    NpyFile.write(folder.resolve("x.npy"), Tensor.of(new float[] {1, 10}, 1, 2));
    Files.writeString(folder.resolve("b.json"), "[0.5, -1]");
    Tensor b = Tensor.of(new float[] {0.5f, -1}, 2);
    Files.write(folder.resolve("b.pb"), TensorProtos.write(b, "b").toByteArray());
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private String problem(int status, String... arguments) {
    Session.Result result = Session.run(arguments);
    assertThat(result.status()).as(result.out() + result.err()).isEqualTo(status);
    return result.err();
  }

  @Test
  void infoShowsWhatIsInTheFile() {
    String out = Session.ok("onnx", "info", model.toString()).out();
    assertThat(out)
        .contains("ai.onnx          17", "producer           pytorch 2.9\\u001b[31m")
        .contains("x                float batch×2", "../y             float batch×2")
        .contains("parameters         4", "MatMul           1", "made             today");
    assertThat(Session.ok("onnx", "info", "--json", model.toString()).out())
        .contains("\"inputs\":{\"x\":\"float batch×2\",\"b\":\"float 2\"}", "\"parameters\":4");
  }

  @Test
  void runPrintsJson() {
    for (String b : new String[] {"b.json", "b.pb"}) {
      assertThat(
              Session.ok("onnx", "run", model.toString(), "x=" + file("x.npy"), "b=" + file(b))
                  .out())
          .isEqualTo("{\"../y\":{\"type\":\"float\",\"shape\":[1,2],\"data\":[[31.5,41.0]]}}\n");
    }
  }

  @Test
  void runWritesFilesThatStayInTheirFolder() {
    Tensor expected = Tensor.of(new float[] {31.5f, 41}, 1, 2);
    for (String form : new String[] {"npy", "json", "pb"}) {
      Path out = folder.resolve("out-" + form);
      Path written = out.resolve("_._y." + form);
      assertThat(
              Session.ok(
                      "onnx",
                      "run",
                      model.toString(),
                      "x=" + file("x.npy"),
                      "b=" + file("b.json"),
                      "-o",
                      out.toString(),
                      "--format",
                      form)
                  .out())
          .isEqualTo(written + "  float 1×2\n");
      assertThat(
              switch (form) {
                case "npy" -> NpyFile.read(written);
                case "json" -> TensorJson.read(written, null);
                default -> TensorProtos.read(written);
              })
          .isEqualTo(expected);
    }
  }

  @Test
  void runSaysWhatIsWrongWithInputs() throws IOException {
    String m = model.toString();
    String x = "x=" + file("x.npy");
    assertThat(problem(2, "onnx", "run", m, x)).contains("the input b is missing");
    assertThat(problem(2, "onnx", "run", m, "x")).contains("x names no input", "NAME=FILE");
    assertThat(problem(2, "onnx", "run", m, x, x)).contains("given twice");
    assertThat(problem(2, "onnx", "run", m, "x=x.txt")).contains("no ending", ".npy");
    assertThat(problem(2, "onnx", "run", m, x, "--format", "npy")).contains("without --out");
    assertThat(problem(2, "onnx", "run", m, x, "-o", "o", "--format", "x")).contains("npy, json");
    assertThat(problem(2, "onnx", "run", m, x, "--max-steps", "0")).contains("--max-steps is 0");
    NpyFile.write(folder.resolve("d.npy"), Tensor.of(new double[2], 2));
    assertThat(problem(2, "onnx", "run", m, x, "b=" + file("d.npy")))
        .contains(m + ": the input b is double 2, must be float 2");
    Files.write(folder.resolve("cut.npy"), new byte[20]);
    assertThat(problem(2, "onnx", "run", m, x, "b=" + file("cut.npy"))).contains("not a .npy");
    assertThat(problem(2, "onnx")).contains("Missing required subcommand");
  }

  @Test
  void anEndlessLoopNamesTheOption() throws IOException {
    GraphProto.Builder body =
        GraphProto.newBuilder()
            .addNode(node("Identity", "goes", "on"))
            .addNode(node("Relu", "after", "before"))
            .addInput(ValueInfoProto.newBuilder().setName("i"))
            .addInput(ValueInfoProto.newBuilder().setName("on"))
            .addInput(ValueInfoProto.newBuilder().setName("before"))
            .addOutput(ValueInfoProto.newBuilder().setName("goes"))
            .addOutput(ValueInfoProto.newBuilder().setName("after"));
    Path endless =
        write(
            "loop.onnx",
            GraphProto.newBuilder()
                .addNode(
                    node("Loop", "y", "", "", "x")
                        .addAttribute(
                            AttributeProto.newBuilder()
                                .setName("body")
                                .setType(AttributeProto.AttributeType.GRAPH)
                                .setG(body)))
                .addInput(floats("x", -1, 2))
                .addOutput(floats("y")));
    assertThat(
            problem(
                2, "onnx", "run", endless.toString(), "x=" + file("x.npy"), "--max-steps", "5000"))
        .contains("the node Loop y continues after 5,000 steps", "allow more by --max-steps");
  }

  /** A GRU as PyTorch's newer exporter writes it, with states of its own for 3 sequences. */
  private static GraphProto.Builder gru() {
    var random = new Random(1);
    var weights = new float[3 * 2 * 2];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextFloat();
    }
    return GraphProto.newBuilder()
        .addNode(
            node("GRU", "y", "x", "W", "R")
                .addAttribute(
                    AttributeProto.newBuilder()
                        .setName("hidden_size")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(2)))
        .addInitializer(TensorProtos.write(Tensor.of(weights, 1, 6, 2), "W"))
        .addInitializer(TensorProtos.write(Tensor.of(weights, 1, 6, 2), "R"))
        .addInput(floats("x", 4, -1, 2))
        .addOutput(floats("y", 4, 1, -1, 2));
  }

  @Test
  void checkSaysWhatRunsWhereAndRepairs() throws IOException {
    assertThat(Session.ok("onnx", "check", model.toString()).out())
        .contains("engine             none", "plain arithmetic", "MatMul           1");
    Path fault = write("gru.onnx", gru());
    Path cured = folder.resolve("cured.onnx");
    assertThat(Session.ok("onnx", "check", fault.toString()).out())
        .contains("onnxscript#2852", "(--repair does so)");
    assertThat(Session.ok("onnx", "check", fault.toString(), "--repair", cured.toString()).out())
        .contains("cured", "repaired           " + cured);
    assertThat(Session.ok("onnx", "check", cured.toString()).out())
        .doesNotContain("2852")
        .contains("engine\n  GRU y\n");
    assertThat(problem(2, "onnx", "check", fault.toString(), "--repair", fault.toString()))
        .contains("is also an input");
  }

  @Test
  void checkFailsWhereOperatorsAreMissing() throws IOException {
    Path missing =
        write(
            "missing.onnx",
            GraphProto.newBuilder()
                .addNode(node("Fancy", "y", "x"))
                .addInput(floats("x", 2))
                .addOutput(floats("y", 2)));
    Session.Result result = Session.run("onnx", "check", missing.toString());
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).contains("not supported", "Fancy (opset 17)");
    assertThat(problem(2, "onnx", "run", missing.toString())).contains("Fancy (opset 17)");
  }

  private void writeCase(String name, GraphProto.Builder graph, float... expected)
      throws IOException {
    Path set = write(name + "/model.onnx", graph).resolveSibling("test_data_set_0");
    Files.createDirectories(set);
    write(set, "input_0", Tensor.of(new float[] {1, 10}, 1, 2));
    write(set, "input_1", Tensor.of(new float[] {0.5f, -1}, 2));
    write(set, "output_0", Tensor.of(expected, 1, 2));
  }

  private static void write(Path set, String name, Tensor tensor) throws IOException {
    TensorProto proto = TensorProtos.write(tensor, name);
    Files.write(set.resolve(name + ".pb"), proto.toByteArray());
  }

  @Test
  void verifyCountsCases() throws IOException {
    writeCase("cases/b_right", affine(), 31.5f, 41);
    assertThat(Session.ok("onnx", "verify", file("cases")).out())
        .isEqualTo(
            "passed   b_right: largest difference 0\n1 case: 1 passed, 0 failed, 0 refused\n");
    writeCase("cases/a_wrong", affine(), 31.5f, 41.25f);
    writeCase("cases/c_unknown", affine().setNode(1, node("Fancy", "../y", "product", "b")), 0, 0);
    Session.Result result = Session.run("onnx", "verify", file("cases"));
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "failed   a_wrong: largest difference 2.5e-01; test_data_set_0, ../y"
                            + " [0, 1]: 41.0, not 41.25"),
            line -> assertThat(line).startsWith("passed   b_right"),
            line -> assertThat(line).startsWith("refused  c_unknown: ").contains("Fancy"),
            line -> assertThat(line).isEqualTo("3 cases: 1 passed, 1 failed, 1 refused"));
    assertThat(
            Session.ok("onnx", "verify", file("cases/a_wrong"), "--relative", "0.01", "--json")
                .out())
        .isEqualTo("{\"case\":\"a_wrong\",\"verdict\":\"passed\",\"largest\":0.25}\n");
    assertThat(problem(2, "onnx", "verify", folder.resolve("cases/nothing").toString()))
        .contains("no such file");
    assertThat(problem(2, "onnx", "verify", file("cases"), "--absolute", "-1"))
        .contains("--absolute is -1");
  }

  @Test
  void inputsOfOtherTypesAreReadAsTheModelNeedsThem() throws IOException {
    Path whole =
        write(
            "bool.onnx",
            GraphProto.newBuilder()
                .addNode(node("Not", "y", "x"))
                .addInput(
                    ValueInfoProto.newBuilder()
                        .setName("x")
                        .setType(
                            TypeProto.newBuilder()
                                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(9))))
                .addOutput(ValueInfoProto.newBuilder().setName("y")));
    Path flags = folder.resolve("flags.npy");
    NpyFile.write(flags, Tensor.adopt(ElementType.BOOL, Shape.of(2), new boolean[] {true, false}));
    assertThat(Session.ok("onnx", "run", whole.toString(), "x=" + flags).out())
        .contains("\"data\":[false,true]");
  }
}
