package dev.unroll.interop.onnx.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.unroll.interop.onnx.Models;
import dev.unroll.interop.onnx.OnnxModel;
import dev.unroll.interop.onnx.OnnxRuntime;
import dev.unroll.interop.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SequencesTest {

  private static final Tensor X = new Samples(9).floats(5, 3);

  private static ValueInfoProto sequence(String name) {
    var element = Models.value(DataType.FLOAT, "element", "rows").getType();
    var sequence = TypeProto.Sequence.newBuilder().setElemType(element);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setSequenceType(sequence))
        .build();
  }

  /** What torch.jit.script makes of a list that a loop appends to. */
  private static ModelProto collectsInLoop() {
    GraphProto.Builder body =
        Models.graph(
                Models.node("Gather", "x step", "row"),
                Models.node("Tanh", "row", "squashed"),
                Models.node("SequenceInsert", "before squashed", "after"),
                Models.node("Identity", "going", "goes"))
            .addInput(Models.value(DataType.INT64, "step"))
            .addInput(Models.value(DataType.BOOL, "going"))
            .addInput(sequence("before"))
            .addOutput(Models.value(DataType.BOOL, "goes"))
            .addOutput(sequence("after"));
    NodeProto.Builder loop =
        Models.node("Loop", "count _ empty", "all").addAttribute(Models.attribute("body", body));
    NodeProto.Builder stack =
        Models.node("ConcatFromSequence", "all", "y")
            .addAttribute(Models.attribute("axis", 0))
            .addAttribute(Models.attribute("new_axis", 1));
    return Models.model(
            Models.graph(Models.node("SequenceEmpty", "", "empty"), loop, stack)
                .addInitializer(Models.tensor("count", Samples.scalar(4)))
                .addInput(Models.floats("x", 5, 3))
                .addOutput(Models.floats("y", "steps", 3)))
        .build();
  }

  @Test
  void collectsTheStepsOfALoopAsOnnxRuntimeDoes() {
    ModelProto model = collectsInLoop();
    var own = OnnxModel.open(new ByteArrayInputStream(model.toByteArray())).run(Map.of("x", X));
    Tensor theirs = OnnxRuntime.run(model, Map.of("x", X)).get("y");
    assertThat(own.get("y").shape()).isEqualTo(theirs.shape());
    for (int i = 0; i < theirs.size(); i++) {
      assertThat(own.get("y").doubles()[i]).isCloseTo(theirs.doubles()[i], within(1e-6));
    }
  }

  @Test
  void doesWithPlacesAndPartsWhatOnnxRuntimeDoes() {
    ModelProto model =
        Models.model(
                Models.graph(
                        Models.node("SplitToSequence", "x size", "parts"),
                        Models.node("SequenceAt", "parts last", "tail"),
                        Models.node("SequenceErase", "parts first", "rest"),
                        Models.node("SequenceInsert", "rest tail first", "longer"),
                        Models.node("SequenceInsert", "longer x last", "more"),
                        Models.node("SequenceLength", "more", "length"),
                        Models.node("SequenceConstruct", "tail x", "built"),
                        Models.node("ConcatFromSequence", "built", "z")
                            .addAttribute(Models.attribute("axis", 0)),
                        Models.node("ConcatFromSequence", "more", "y")
                            .addAttribute(Models.attribute("axis", -2)))
                    .addInitializer(Models.tensor("size", Samples.scalar(2)))
                    .addInitializer(Models.tensor("last", Samples.scalar(-1)))
                    .addInitializer(Models.tensor("first", Samples.scalar(0)))
                    .addInput(Models.floats("x", 5, 3))
                    .addOutput(Models.floats("y", "rows", 3))
                    .addOutput(Models.floats("z", "more rows", 3))
                    .addOutput(Models.value(DataType.INT64, "length")))
            .build();
    var own = OnnxModel.open(new ByteArrayInputStream(model.toByteArray())).run(Map.of("x", X));
    assertThat(own).isEqualTo(OnnxRuntime.run(model, Map.of("x", X)));
  }

  @Test
  void refusesPlacesThatAreNotThereAndWhatIsNoSequence() {
    Tensor empty =
        Operators.STANDARD.find("", "SequenceEmpty", 17).orElseThrow().run(call()).get(0);
    var at = Operators.STANDARD.find("", "SequenceAt", 17).orElseThrow();
    assertThatThrownBy(() -> at.run(call(empty, Samples.scalar(0))))
        .hasMessageContaining("position 0 of 0");
    assertThatThrownBy(() -> at.run(call(X, Samples.scalar(0))))
        .hasMessageContaining("not a sequence");
    var joined = Operators.STANDARD.find("", "ConcatFromSequence", 17).orElseThrow();
    assertThatThrownBy(() -> joined.run(call(empty))).hasMessageContaining("no tensors");
  }

  private static Call call(Tensor... inputs) {
    return OperatorCase.of("any", inputs).call();
  }
}
