package dev.unroll.interop.onnx.graph;

import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions that a model brings along: operators made of other operators. */
final class Functions {

  private final Map<Key, FunctionProto> functions = new HashMap<>();

  /** What a node calls a function by. */
  private record Key(String domain, String name, String overload) {}

  private Functions() {}

  static Functions of(List<FunctionProto> protos) {
    var all = new Functions();
    for (FunctionProto each : protos) {
      var key = new Key(domain(each.getDomain()), each.getName(), each.getOverload());
      Messages.refuse(
          all.functions.put(key, each) != null, "has the function " + each.getName() + " twice");
    }
    return all;
  }

  /** Returns the function that a node calls, null where its operator is none of the model's own. */
  @Nullable FunctionProto find(NodeProto node) {
    return functions.get(new Key(domain(node.getDomain()), node.getOpType(), node.getOverload()));
  }

  /** ONNX's own domain has two names. */
  static String domain(String name) {
    return name.equals("ai.onnx") ? "" : name;
  }
}
