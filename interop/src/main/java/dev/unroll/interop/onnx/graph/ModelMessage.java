package dev.unroll.interop.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.ForeignFiles;
import dev.unroll.interop.tensor.MemoryLimit;
import java.nio.file.Path;
import java.util.Collection;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The message of a model's file, for what changes it and writes it again. */
public final class ModelMessage {

  private ModelMessage() {}

  /**
   * Reads the message of a model, which {@link ModelReader#read} has checked.
   *
   * @throws InputException if it cannot be read or parsed
   */
  public static ModelProto read(Path file) {
    var memory = MemoryLimit.ofHeap();
    return ForeignFiles.read(
        file, memory, bytes -> Messages.parse(bytes, ModelProto.getDefaultInstance(), memory));
  }

  /** Returns the names of the files beside a model that hold tensors of it, sorted. */
  public static Collection<String> files(ModelProto model) {
    var names = new TreeSet<String>();
    withTensors(
        model.toBuilder(),
        tensor -> {
          if (isElsewhere(tensor)) {
            tensor.getExternalDataList().stream()
                .filter(each -> each.getKey().equals("location"))
                .map(StringStringEntryProto::getValue)
                .forEach(names::add);
          }
          return tensor;
        });
    return names;
  }

  /**
   * Takes the tensors in files beside a model into it.
   *
   * @param file the model's file
   * @throws InputException if one cannot be read, or is refused as in {@link ModelReader#read}
   */
  public static void takeIn(ModelProto.Builder model, Path file) {
    var memory = MemoryLimit.ofHeap();
    ExternalData external = ExternalData.beside(file);
    withTensors(
        model,
        tensor ->
            isElsewhere(tensor)
                ? TensorProtos.write(TensorProtos.read(tensor, external, memory), tensor.getName())
                : tensor);
  }

  private static boolean isElsewhere(TensorProto tensor) {
    return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
  }

  private static void withTensors(ModelProto.Builder model, UnaryOperator<TensorProto> change) {
    withTensors(model.getGraphBuilder(), change);
    model
        .getFunctionsBuilderList()
        .forEach(each -> each.getNodeBuilderList().forEach(node -> withTensors(node, change)));
  }

  private static void withTensors(GraphProto.Builder graph, UnaryOperator<TensorProto> change) {
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      graph.setInitializer(i, change.apply(graph.getInitializer(i)));
    }
    graph.getNodeBuilderList().forEach(each -> withTensors(each, change));
  }

  private static void withTensors(NodeProto.Builder node, UnaryOperator<TensorProto> change) {
    for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
      if (attribute.hasT()) {
        attribute.setT(change.apply(attribute.getT()));
      }
      for (int i = 0; i < attribute.getTensorsCount(); i++) {
        attribute.setTensors(i, change.apply(attribute.getTensors(i)));
      }
      if (attribute.hasG()) {
        withTensors(attribute.getGBuilder(), change);
      }
      attribute.getGraphsBuilderList().forEach(each -> withTensors(each, change));
    }
  }
}
