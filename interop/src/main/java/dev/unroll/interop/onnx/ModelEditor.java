package dev.unroll.interop.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Changes to the message of a model. */
final class ModelEditor {

  private static final String BATCH = "batch";

  private final ModelProto.Builder model;
  private final GraphProto.Builder graph;
  private final Set<String> names = new HashSet<>();

  ModelEditor(ModelProto.Builder model) {
    this.model = model;
    graph = model.getGraphBuilder();
    graph.getInputList().forEach(each -> names.add(each.getName()));
    graph.getInitializerList().forEach(each -> names.add(each.getName()));
    for (NodeProto node : graph.getNodeList()) {
      names.addAll(node.getInputList());
      names.addAll(node.getOutputList());
    }
  }

  ModelProto.Builder model() {
    return model;
  }

  /** Returns the number of the node that computes a value, -1 if it is not in the graph itself. */
  int node(String output) {
    for (int i = 0; i < graph.getNodeCount(); i++) {
      if (graph.getNode(i).getOutputList().contains(output)) {
        return i;
      }
    }
    return -1;
  }

  /** Gives a node an attribute that is a whole number. */
  void set(int node, String name, long value) {
    NodeProto.Builder builder = graph.getNodeBuilder(node);
    removeAttribute(builder, name);
    builder.addAttribute(
        AttributeProto.newBuilder()
            .setName(name)
            .setType(AttributeProto.AttributeType.INT)
            .setI(value));
  }

  private static void removeAttribute(NodeProto.Builder node, String name) {
    for (int i = node.getAttributeCount() - 1; i >= 0; i--) {
      if (node.getAttribute(i).getName().equals(name)) {
        node.removeAttribute(i);
      }
    }
  }

  /** Leaves out an optional input of a node, and forgets the constant if nobody else reads it. */
  void leaveOut(int node, int place) {
    NodeProto.Builder builder = graph.getNodeBuilder(node);
    String name = builder.getInput(place);
    builder.setInput(place, "");
    if (!isRead(name)) {
      for (int i = graph.getInitializerCount() - 1; i >= 0; i--) {
        if (graph.getInitializer(i).getName().equals(name)) {
          graph.removeInitializer(i);
        }
      }
      for (int i = graph.getInputCount() - 1; i >= 0; i--) { // old files name constants there, too
        if (graph.getInput(i).getName().equals(name)) {
          graph.removeInput(i);
        }
      }
    }
  }

  private boolean isRead(String name) {
    return graph.getOutputList().stream().anyMatch(each -> each.getName().equals(name))
        || graph.getNodeList().stream().anyMatch(each -> mentions(each, name));
  }

  private static boolean mentions(NodeProto node, String name) {
    return node.getInputList().contains(name)
        || node.getAttributeList().stream()
            .anyMatch(
                each ->
                    each.hasG()
                        && (each.getG().getNodeList().stream().anyMatch(in -> mentions(in, name))
                            || each.getG().getOutputList().stream()
                                .anyMatch(out -> out.getName().equals(name))));
  }

  /**
   * Turns a recurrent node of layout 1 into one of layout 0 between nodes that exchange axes.
   * Sequences and steps of X, and sequences and directions of states, change places.
   */
  void toLayout0(int number) {
    NodeProto.Builder node = graph.getNode(number).toBuilder();
    removeAttribute(node, "layout");
    var before = new ArrayList<NodeProto>();
    for (int place : List.of(0, 5, 6)) {
      if (place < node.getInputCount() && !node.getInput(place).isEmpty()) {
        String name = fresh(node.getInput(place));
        before.add(transpose(node.getInput(place), name, 1, 0, 2));
        node.setInput(place, name);
      }
    }
    var after = new ArrayList<NodeProto>();
    for (int place = 0; place < node.getOutputCount(); place++) {
      String output = node.getOutput(place);
      if (!output.isEmpty()) {
        String name = fresh(output);
        // Y: steps × directions × batch × hidden to batch × steps × directions × hidden
        after.add(
            place == 0 ? transpose(name, output, 2, 0, 1, 3) : transpose(name, output, 1, 0, 2));
        node.setOutput(place, name);
      }
    }
    List<NodeProto> all = new ArrayList<>(graph.getNodeList());
    all.remove(number);
    before.add(node.build());
    before.addAll(after);
    all.addAll(number, before);
    graph.clearNode().addAllNode(all);
  }

  private String fresh(String name) {
    String fresh = name + "_steps_first";
    for (int i = 2; !names.add(fresh); i++) {
      fresh = name + "_steps_first_" + i;
    }
    return fresh;
  }

  private static NodeProto transpose(String from, String to, long... order) {
    var perm =
        AttributeProto.newBuilder().setName("perm").setType(AttributeProto.AttributeType.INTS);
    for (long axis : order) {
      perm.addInts(axis);
    }
    return NodeProto.newBuilder()
        .setOpType("Transpose")
        .setName(to + "_transpose")
        .addInput(from)
        .addOutput(to)
        .addAttribute(perm)
        .build();
  }

  /**
   * Gives the axis of an input a name instead of a number. What the file says of other values may
   * hold that number, too: outputs no longer say it, and inner values say nothing.
   */
  void nameBatch(String input, int axis) {
    for (ValueInfoProto.Builder value : graph.getInputBuilderList()) {
      if (value.getName().equals(input)) {
        TensorShapeProto.Builder shape = shape(value);
        long number = shape.getDim(axis).getDimValue();
        shape.setDim(axis, TensorShapeProto.Dimension.newBuilder().setDimParam(BATCH));
        graph.getOutputBuilderList().forEach(each -> forget(each, number));
      }
    }
    graph.clearValueInfo();
  }

  private static void forget(ValueInfoProto.Builder value, long number) {
    if (value.getType().getTensorType().hasShape()) {
      TensorShapeProto.Builder shape = shape(value);
      for (int i = 0; i < shape.getDimCount(); i++) {
        if (shape.getDim(i).hasDimValue() && shape.getDim(i).getDimValue() == number) {
          shape.setDim(i, TensorShapeProto.Dimension.newBuilder());
        }
      }
    }
  }

  private static TensorShapeProto.Builder shape(ValueInfoProto.Builder value) {
    return value.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
  }
}
