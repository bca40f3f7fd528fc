package dev.unroll.interop.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What names mean where a node stands. In the graph of a model they are what they are; where a call
 * of a function is written out, its inputs and outputs have the caller's names, its other values
 * names of their own, and its attributes the caller's values.
 */
final class Naming {

  /** Functions that call functions. */
  private static final int DEEPEST = 32;

  private static final int LONGEST_NAME = 10_000;

  private final @Nullable Naming caller;
  private final @Nullable FunctionProto function;
  private final String prefix;
  private final Map<String, String> values = new HashMap<>();
  private final Map<String, AttributeProto> attributes = new HashMap<>();

  private Naming(@Nullable Naming caller, @Nullable FunctionProto function, String prefix) {
    this.caller = caller;
    this.function = function;
    this.prefix = prefix;
  }

  /** The names of a model's graph. */
  static Naming ofModel() {
    return new Naming(null, null, "");
  }

  /** The names in a function that a node calls, the {@code number}th call of all. */
  Naming inside(FunctionProto called, NodeProto node, int number) {
    int depth = 1;
    for (Naming each = this; each != null && each.function != null; each = each.caller) {
      Messages.refuse(
          isSame(each.function, called) || ++depth > DEEPEST,
          "the function " + called.getName() + " calls itself, or too many others");
    }
    var inner = new Naming(this, called, called.getName() + "#" + number + "/");
    inner.bind(called.getInputList(), node.getInputList(), "", this);
    inner.bind(called.getOutputList(), node.getOutputList(), null, this);
    called.getAttributeProtoList().forEach(each -> inner.attributes.put(each.getName(), each));
    for (AttributeProto each : node.getAttributeList()) {
      AttributeProto value = resolve(each);
      if (value != null) {
        inner.attributes.put(each.getName(), value);
      }
    }
    return inner;
  }

  /** Names tell functions apart; their content may be large. */
  private static boolean isSame(FunctionProto function, FunctionProto other) {
    return function.getName().equals(other.getName())
        && function.getDomain().equals(other.getDomain())
        && function.getOverload().equals(other.getOverload());
  }

  private void bind(
      List<String> names, List<String> given, @Nullable String leftOut, Naming outside) {
    Messages.refuse(
        given.size() > names.size(),
        "a call of the function "
            + prefix
            + " has "
            + given.size()
            + " values, not "
            + names.size());
    for (int i = 0; i < names.size(); i++) {
      String of = i < given.size() ? given.get(i) : "";
      if (!of.isEmpty()) {
        values.put(names.get(i), outside.of(of));
      } else if (leftOut != null) {
        values.put(names.get(i), leftOut);
      }
    }
  }

  /** Returns the name of a value, empty for none. */
  String of(String name) {
    Messages.refuse(name.length() > LONGEST_NAME, "a name has " + name.length() + " characters");
    return name.isEmpty() ? name : values.getOrDefault(name, prefix + name);
  }

  /** Returns an attribute with its value; null where it refers to one that the caller left out. */
  @Nullable AttributeProto resolve(AttributeProto attribute) {
    return attribute.getRefAttrName().isEmpty()
        ? attribute
        : attributes.get(attribute.getRefAttrName());
  }
}
