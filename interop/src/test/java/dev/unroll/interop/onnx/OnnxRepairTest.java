package dev.unroll.interop.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.unroll.interop.tensor.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Known faults of exported models: named, and cured where the cure is exact. */
class OnnxRepairTest {

  private static final int HIDDEN = 4;
  private static final int INPUTS = 3;

  @TempDir private Path folder;

  private static Tensor random(long seed, int... axes) {
    var random = new Random(seed);
    int size = 1;
    for (int axis : axes) {
      size *= axis;
    }
    var values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return Tensor.of(values, axes);
  }

  /** A recurrent node with its weights; {@code gates} of them. */
  private static GraphProto.Builder graph(NodeProto.Builder node, int gates) {
    return Models.graph(node)
        .addInitializer(Models.tensor("w", random(1, 1, gates * HIDDEN, INPUTS)))
        .addInitializer(Models.tensor("r", random(2, 1, gates * HIDDEN, HIDDEN)))
        .addInitializer(Models.tensor("b", random(3, 1, 2 * gates * HIDDEN)));
  }

  private Path write(ModelProto.Builder model) throws IOException {
    return Files.write(folder.resolve("model.onnx"), model.build().toByteArray());
  }

  private OnnxRepair.Repaired repaired(Path model) {
    return OnnxRepair.write(model, folder.resolve("repaired.onnx"));
  }

  private Tensor run(String file, Tensor x, String output) {
    Map<String, Tensor> outputs = OnnxModel.open(folder.resolve(file)).run(Map.of("x", x));
    return Objects.requireNonNull(outputs.get(output));
  }

  private float[] runtime(Tensor x, String output) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] axes = x.shape().axes().stream().mapToLong(axis -> axis).toArray();
    try (var session = environment.createSession(folder.resolve("repaired.onnx").toString());
        var input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x.floats()), axes);
        var result = session.run(Map.of("x", input))) {
      FloatBuffer buffer = ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer();
      var values = new float[buffer.remaining()];
      buffer.get(values);
      return values;
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertClose(float[] found, Tensor expected) {
    assertThat(found).hasSize(expected.size());
    for (int i = 0; i < found.length; i++) {
      assertThat((double) found[i]).isCloseTo(expected.floats()[i], within(1e-6));
    }
  }

  @Test
  void gruOfPytorchResetsAfterTheProduct() throws IOException {
    NodeProto.Builder node =
        Models.node("GRU", "x w r b", "y")
            .addAttribute(Models.attribute("hidden_size", HIDDEN))
            .setName("gru1");
    GraphProto.Builder graph =
        graph(node, 3)
            .addInput(Models.floats("x", "steps", "batch", INPUTS))
            .addOutput(Models.floats("y", "steps", 1, "batch", HIDDEN));
    Path file = write(Models.model(graph).setProducerName("pytorch"));

    assertThat(OnnxDiagnosis.of(file))
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.fault()).isEqualTo(Fault.GRU_RESET);
              assertThat(each.repairable()).isTrue();
              assertThat(each.toString())
                  .startsWith("the node GRU gru1 has no linear_before_reset")
                  .contains("onnxscript#2852");
            });
    OnnxRepair.Repaired done = repaired(file);
    assertThat(done.cured()).hasSize(1);
    assertThat(done.left()).isEmpty();
    Tensor x = random(5, 6, 2, INPUTS);
    node.addAttribute(Models.attribute("linear_before_reset", 1));
    Path right = write(Models.model(graph.setNode(0, node)).setProducerName("pytorch"));
    assertThat(OnnxDiagnosis.of(right)).isEmpty();
    assertThat(run("repaired.onnx", x, "y")).isEqualTo(run("model.onnx", x, "y"));

    node.clearAttribute().addAttribute(Models.attribute("hidden_size", HIDDEN));
    Path other = write(Models.model(graph.setNode(0, node)).setProducerName("tf2onnx"));
    assertThat(OnnxDiagnosis.of(other)).isEmpty(); // Keras has both kinds
    assertThat(run("repaired.onnx", x, "y")).isNotEqualTo(run("model.onnx", x, "y"));
  }

  @Test
  void layout1BecomesLayout0ThatOnnxRuntimeRuns() throws IOException {
    NodeProto.Builder node =
        Models.node("LSTM", "x w r b _ h c", "y yh yc")
            .addAttribute(Models.attribute("layout", 1))
            .addAttribute(Models.attribute("hidden_size", HIDDEN));
    GraphProto.Builder graph =
        graph(node, 4)
            .addInput(Models.floats("x", "batch", "steps", INPUTS))
            .addInitializer(Models.tensor("h", random(6, 2, 1, HIDDEN)))
            .addInitializer(Models.tensor("c", random(7, 2, 1, HIDDEN)))
            .addOutput(Models.floats("y", "batch", "steps", 1, HIDDEN))
            .addOutput(Models.floats("yh", "batch", 1, HIDDEN))
            .addOutput(Models.floats("yc", "batch", 1, HIDDEN));
    Path file = write(Models.model(graph));

    OnnxRepair.Repaired done = repaired(file);
    assertThat(done.cured()).extracting(Finding::fault).containsExactly(Fault.LAYOUT);
    Tensor x = random(8, 2, 5, INPUTS);
    for (String output : List.of("y", "yh", "yc")) {
      Tensor expected = run("model.onnx", x, output);
      assertThat(run("repaired.onnx", x, output)).isEqualTo(expected);
      assertClose(runtime(x, output), expected);
    }
    assertThat(done.left())
        .extracting(Finding::fault)
        .containsOnly(Fault.CONSTANT_STATE, Fault.OPEN_STATE);
    assertThat(done.left().getFirst().toString())
        .contains("has a constant initial_h for 2 sequences: a batch of another size")
        .endsWith("Export the model with the state as an input.");
  }

  @Test
  void constantZerosAndFixedBatchAreGone() throws IOException {
    NodeProto.Builder zeros = Models.node("ConstantOfShape", "size", "h0").setName("zeros");
    NodeProto.Builder turned =
        Models.node("Transpose", "x", "xt")
            .addAttribute(Models.attribute("perm", new int[] {1, 0, 2}));
    NodeProto.Builder node =
        Models.node("LSTM", "xt w r b _ h0 c0", "y yh")
            .addAttribute(Models.attribute("hidden_size", HIDDEN));
    GraphProto.Builder graph = graph(node, 4);
    graph
        .clearNode()
        .addNode(zeros)
        .addNode(turned)
        .addNode(node)
        .addInitializer(Models.tensor("size", Tensor.of(new long[] {1, 1, HIDDEN}, 3)))
        .addInitializer(Models.tensor("c0", Tensor.of(new float[HIDDEN], 1, 1, HIDDEN)))
        .addInput(Models.floats("x", 1, "steps", INPUTS))
        .addOutput(Models.floats("y", "steps", 1, 1, HIDDEN));
    Path file = write(Models.model(graph));

    List<Finding> found = OnnxDiagnosis.of(file);
    assertThat(found)
        .extracting(Finding::fault)
        .containsExactly(Fault.CONSTANT_STATE, Fault.CONSTANT_STATE, Fault.FIXED_BATCH);
    assertThat(found.getLast().toString())
        .isEqualTo(
            "the input x (float 1×steps×3) has room for a batch of 1 only. Give its axis 0 a name"
                + " instead of a number.");
    OnnxRepair.Repaired done = repaired(file);
    assertThat(done.cured()).hasSize(3);
    assertThat(done.left()).isEmpty();
    Tensor one = random(9, 1, 5, INPUTS);
    assertThat(run("repaired.onnx", one, "y")).isEqualTo(run("model.onnx", one, "y"));
    Tensor three = random(9, 3, 5, INPUTS);
    assertClose(runtime(three, "y"), run("repaired.onnx", three, "y"));
  }

  @Test
  void aBatchThatTheGraphDependsOnIsLeft() throws IOException {
    NodeProto.Builder node =
        Models.node("LSTM", "x w r b", "y").addAttribute(Models.attribute("hidden_size", HIDDEN));
    GraphProto.Builder graph =
        graph(node, 4)
            .addNode(Models.node("Reshape", "y shape", "z"))
            .addInitializer(Models.tensor("shape", Tensor.of(new long[] {-1, 2, HIDDEN}, 3)))
            .addInput(Models.floats("x", 5, 2, INPUTS))
            .addOutput(Models.floats("z", 5, 2, HIDDEN));
    Path file = write(Models.model(graph));
    assertThat(OnnxDiagnosis.of(file))
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.repairable()).isFalse();
              assertThat(each.toString())
                  .isEqualTo(
                      "the input x (float 5×2×3) has room for a batch of 2 only, and a run with"
                          + " other batches fails or gives other answers. Export the model again"
                          + " with a batch axis of any length.");
            });
    OnnxRepair.Repaired done = repaired(file);
    assertThat(done.cured()).isEmpty();
    assertThat(done.left()).extracting(Finding::fault).containsExactly(Fault.FIXED_BATCH);
  }

  @Test
  void aMeanOverTheBatchIsLeftAndRowsOfStepsAndSequencesAreNot() throws IOException {
    NodeProto.Builder node =
        Models.node("LSTM", "x w r b", "y").addAttribute(Models.attribute("hidden_size", HIDDEN));
    for (boolean mean : new boolean[] {true, false}) {
      NodeProto.Builder last =
          mean
              ? Models.node("ReduceMean", "y", "z")
                  .addAttribute(Models.attribute("axes", new int[] {2}))
              : Models.node("Reshape", "y shape", "z");
      GraphProto.Builder graph =
          graph(node, 4)
              .addNode(last)
              .addInitializer(Models.tensor("shape", Tensor.of(new long[] {-1, HIDDEN}, 2)))
              .addInput(Models.floats("x", 5, 2, INPUTS))
              .addOutput(Models.floats("z"));
      assertThat(OnnxDiagnosis.of(write(Models.model(graph))))
          .singleElement()
          .satisfies(each -> assertThat(each.repairable()).isEqualTo(!mean));
    }
  }

  @Test
  void weightsInOtherFilesAreTakenIn() throws IOException {
    Tensor w = random(1, 1, 3 * HIDDEN, INPUTS);
    TensorProto inside = Models.tensor("w", w);
    Files.write(folder.resolve("w.bin"), inside.getRawData().toByteArray());
    TensorProto outside =
        inside.toBuilder()
            .clearRawData()
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(
                StringStringEntryProto.newBuilder().setKey("location").setValue("w.bin"))
            .build();
    NodeProto.Builder node =
        Models.node("GRU", "x w r b", "y").addAttribute(Models.attribute("hidden_size", HIDDEN));
    GraphProto.Builder graph =
        graph(node, 3)
            .addInput(Models.floats("x", "steps", "batch", INPUTS))
            .addOutput(Models.floats("y", "steps", 1, "batch", HIDDEN))
            .setInitializer(0, outside);
    Path file = write(Models.model(graph));

    assertThat(OnnxDiagnosis.of(file))
        .singleElement()
        .satisfies(each -> assertThat(each.what()).contains("1 file beside it (w.bin)"));
    Tensor x = random(5, 6, 2, INPUTS);
    Tensor expected = run("model.onnx", x, "y");
    assertThat(repaired(file).left()).isEmpty();
    Files.delete(folder.resolve("w.bin"));
    assertThat(run("repaired.onnx", x, "y")).isEqualTo(expected);
  }

  @Test
  void statesThatCannotBeFedBackAreNamed() throws IOException {
    NodeProto.Builder node =
        Models.node("GRU", "x w r b _ h0", "y yh")
            .addAttribute(Models.attribute("hidden_size", HIDDEN));
    GraphProto.Builder graph =
        graph(node, 3)
            .addInput(Models.floats("x", "steps", "batch", INPUTS))
            .addInput(Models.floats("h0", 1, "batch", HIDDEN))
            .addOutput(Models.floats("y", "steps", 1, "batch", HIDDEN));
    assertThat(OnnxDiagnosis.of(write(Models.model(graph))))
        .singleElement()
        .satisfies(
            each ->
                assertThat(each.what())
                    .contains("its last state Y_h is not an output: nothing can be fed back"));
    graph.addOutput(Models.floats("yh", 1, "batch", HIDDEN));
    assertThat(OnnxDiagnosis.of(write(Models.model(graph)))).isEmpty();
    graph.removeInput(1).setNode(0, node.setInput(5, ""));
    assertThat(OnnxDiagnosis.of(write(Models.model(graph))))
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.repairable()).isFalse();
              assertThat(each.what()).contains("no input brings it back as initial_h");
            });
  }

  @Test
  void weightsThatWereNeverTrainedOrAreNoNumbers() throws IOException {
    var same = new float[3 * HIDDEN * INPUTS];
    Arrays.fill(same, 0.25f);
    float[] broken = random(2, 1, 3 * HIDDEN, HIDDEN).floats();
    broken[7] = Float.NaN;
    NodeProto.Builder node =
        Models.node("GRU", "x w r b", "y").addAttribute(Models.attribute("hidden_size", HIDDEN));
    GraphProto.Builder graph =
        graph(node, 3)
            .setInitializer(0, Models.tensor("w", Tensor.of(same, 1, 3 * HIDDEN, INPUTS)))
            .setInitializer(1, Models.tensor("r", Tensor.of(broken, 1, 3 * HIDDEN, HIDDEN)))
            .addInput(Models.floats("x", "steps", "batch", INPUTS))
            .addOutput(Models.floats("y", "steps", 1, "batch", HIDDEN));
    assertThat(OnnxDiagnosis.of(write(Models.model(graph))))
        .extracting(Finding::what)
        .containsExactly(
            "has input weights W that are all 0.25",
            "has recurrent weights R of which one or more is NaN");
  }
}
