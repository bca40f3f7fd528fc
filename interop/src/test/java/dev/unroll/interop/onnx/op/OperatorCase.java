package dev.unroll.interop.onnx.op;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.unroll.base.Workers;
import dev.unroll.interop.onnx.Models;
import dev.unroll.interop.onnx.OnnxRuntime;
import dev.unroll.interop.onnx.graph.Attributes;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One call of an operator, and what it must give.
 *
 * @param tolerance the largest difference of floats, relative to 1 and the number
 * @param expected what it gives; null if ONNX Runtime says it
 */
record OperatorCase(
    String domain,
    String name,
    int opset,
    Map<String, Object> attributes,
    List<@Nullable Tensor> inputs,
    int outputs,
    double tolerance,
    @Nullable List<Tensor> expected) {

  private static final int USUAL_OPSET = 17;

  /** A case of opset 17 with one output. */
  static OperatorCase of(String name, @Nullable Tensor... inputs) {
    return new OperatorCase("", name, USUAL_OPSET, Map.of(), Arrays.asList(inputs), 1, 2e-6, null);
  }

  OperatorCase in(String other) {
    return new OperatorCase(other, name, opset, attributes, inputs, outputs, tolerance, expected);
  }

  OperatorCase opset(int other) {
    return new OperatorCase(domain, name, other, attributes, inputs, outputs, tolerance, expected);
  }

  OperatorCase with(String key, Object value) {
    var more = new TreeMap<>(attributes);
    more.put(key, value);
    return new OperatorCase(domain, name, opset, more, inputs, outputs, tolerance, expected);
  }

  OperatorCase outputs(int count) {
    return new OperatorCase(domain, name, opset, attributes, inputs, count, tolerance, expected);
  }

  OperatorCase within(double other) {
    return new OperatorCase(domain, name, opset, attributes, inputs, outputs, other, expected);
  }

  /** Says by hand what the outputs are, where ONNX Runtime cannot. */
  OperatorCase gives(Tensor... tensors) {
    return new OperatorCase(
        domain, name, opset, attributes, inputs, tensors.length, tolerance, List.of(tensors));
  }

  Call call() {
    return new Call(new Attributes(attributes), opset, inputs, outputs);
  }

  /** The outputs, at least as many as asked for. */
  List<Tensor> answer() {
    return operator().run(call());
  }

  /** The outputs of the operator after it has worked ahead on all inputs. */
  List<Tensor> preparedAnswer(Workers workers) {
    Call call = new Call(new Attributes(attributes), opset, inputs, outputs, workers);
    return operator().prepared(call).run(call);
  }

  private Operator operator() {
    return Operators.STANDARD.find(domain, name, opset).orElseThrow();
  }

  /** What must come out. */
  List<Tensor> truth() {
    return expected != null ? expected : List.copyOf(OnnxRuntime.run(model(), Map.of()).values());
  }

  /** The node as a model whose inputs are constants, of whatever type. */
  private ModelProto model() {
    var node = NodeProto.newBuilder().setOpType(name).setDomain(domain);
    var graph = Models.graph(node);
    graph.clearNode();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor tensor = inputs.get(i);
      node.addInput(tensor == null ? "" : "in" + i);
      if (tensor != null) {
        graph.addInitializer(Models.tensor("in" + i, tensor));
      }
    }
    for (int i = 0; i < outputs; i++) {
      node.addOutput("out" + i);
      graph.addOutput(ValueInfoProto.newBuilder().setName("out" + i));
    }
    attributes.forEach((key, value) -> node.addAttribute(Models.attribute(key, value)));
    var model = Models.model(graph.addNode(node)).clearOpsetImport();
    int own = domain.isEmpty() ? opset : USUAL_OPSET;
    model.addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(own));
    if (!domain.isEmpty()) {
      model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(opset));
    }
    return model.build();
  }

  /** The case in each of some versions. */
  static List<OperatorCase> in(List<Integer> opsets, OperatorCase... cases) {
    var all = new ArrayList<OperatorCase>();
    for (OperatorCase each : cases) {
      opsets.forEach(opset -> all.add(each.opset(opset)));
    }
    return all;
  }

  @Override
  public String toString() {
    return name + " " + opset + " " + attributes + " of " + inputs;
  }
}
