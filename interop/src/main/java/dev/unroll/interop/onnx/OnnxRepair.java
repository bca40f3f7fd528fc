package dev.unroll.interop.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.CodedOutputStream;
import dev.unroll.base.InputException;
import dev.unroll.file.SafeFiles;
import dev.unroll.interop.onnx.graph.ModelGraph;
import dev.unroll.interop.onnx.graph.ModelMessage;
import dev.unroll.interop.onnx.graph.ModelReader;
import dev.unroll.interop.onnx.graph.Node;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;

/**
 * Fixes what {@link OnnxDiagnosis} finds, if the fix is exact: the repaired model computes what the
 * exported network does, and accepts all inputs that the model accepted.
 */
public final class OnnxRepair {

  /** What protobuf can write in one message. */
  private static final long LARGEST = Integer.MAX_VALUE - 64;

  private final ModelGraph graph;
  private final ModelEditor editor;

  private OnnxRepair(ModelGraph graph, ModelProto message) {
    this.graph = graph;
    editor = new ModelEditor(message.toBuilder());
  }

  /**
   * What was done.
   *
   * @param cured the bugs that were fixed
   * @param left the bugs that remain, because their fix is not exact, or because the node is in a
   *     function of the model
   */
  public record Repaired(List<Finding> cured, List<Finding> left) {

    /** Creates a result with copies of the lists. */
    public Repaired {
      cured = List.copyOf(cured);
      left = List.copyOf(left);
    }
  }

  /**
   * Writes a repaired copy of a model, which contains all its weights. If there is nothing to fix,
   * it is a copy.
   *
   * @throws InputException if the model cannot be read, or the copy not be written
   */
  public static Repaired write(Path model, Path repaired) {
    ModelGraph graph = ModelReader.read(model);
    ModelProto message = ModelMessage.read(model);
    List<Finding> before = OnnxDiagnosis.of(graph, message);
    var repair = new OnnxRepair(graph, message);
    repair.cure(model);
    write(repair.editor.model().build(), repaired);
    List<Finding> left = OnnxDiagnosis.of(repaired);
    return new Repaired(
        before.stream().filter(each -> each.repairable() && !isAmong(left, each)).toList(), left);
  }

  /** The label of a node without a name is that of its outputs, which a cure may rename. */
  private static boolean isAmong(List<Finding> left, Finding finding) {
    return left.stream()
        .anyMatch(each -> each.fault() == finding.fault() && each.what().equals(finding.what()));
  }

  private void cure(Path file) {
    for (var each : OnnxDiagnosis.freeBatches(graph).entrySet()) {
      editor.nameBatch(each.getKey(), each.getValue());
    }
    for (Cure each : OnnxDiagnosis.cures(graph)) {
      int number = number(each.node());
      if (number >= 0) {
        cure(each, number);
      }
    }
    ModelMessage.takeIn(editor.model(), file);
  }

  private void cure(Cure cure, int node) {
    switch (cure.fault()) {
      case GRU_RESET -> editor.set(node, "linear_before_reset", 1);
      case CONSTANT_STATE -> editor.leaveOut(node, cure.place());
      case LAYOUT -> editor.toLayout0(node);
      default -> throw new IllegalStateException(cure.fault().name());
    }
  }

  /** Where a node stands in the message; -1 where it stands in a function. */
  private int number(Node node) {
    return node.outputs().stream()
        .filter(each -> !each.isEmpty())
        .findFirst()
        .map(editor::node)
        .orElse(-1);
  }

  private static void write(ModelProto model, Path file) {
    if (model.getSerializedSize() < 0 || model.getSerializedSize() > LARGEST) {
      throw InputException.in(
          file, "would have more than 2 GB", "Leave the weights in files beside the model.");
    }
    SafeFiles.replace(
        file,
        channel -> {
          var out = CodedOutputStream.newInstance(Channels.newOutputStream(channel));
          model.writeTo(out);
          out.flush();
        });
  }
}
