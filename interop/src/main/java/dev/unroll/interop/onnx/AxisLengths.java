package dev.unroll.interop.onnx;

import dev.unroll.base.InputException;
import dev.unroll.interop.onnx.graph.Value;
import dev.unroll.interop.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The lengths of axes that have names, as the inputs of a run have them. */
final class AxisLengths {

  /** The length of an axis, and the input that has it. */
  private record Length(int length, String input) {}

  private final Map<String, Length> lengths = new HashMap<>();

  /** No lengths yet. */
  AxisLengths() {}

  /**
   * Checks the inputs of a run.
   *
   * @throws InputException if one is missing, is unknown, has another type or another shape
   */
  static AxisLengths of(List<Value> needed, List<Value> possible, Map<String, Tensor> given) {
    var axes = new AxisLengths();
    Map<String, Value> known =
        Stream.concat(needed.stream(), possible.stream())
            .collect(Collectors.toMap(Value::name, each -> each));
    for (Value each : needed) {
      if (!given.containsKey(each.name())) {
        throw new InputException(
            "the input " + each.name() + " is missing", "It needs " + shown(needed) + ".");
      }
    }
    for (var each : given.entrySet()) {
      Value value = known.get(each.getKey());
      if (value == null) {
        throw new InputException(
            "has no input " + each.getKey(), "It needs " + shown(needed) + ".");
      }
      axes.add(value, each.getValue());
    }
    return axes;
  }

  private static String shown(List<Value> values) {
    return values.isEmpty()
        ? "no inputs"
        : values.stream().map(Value::toString).collect(Collectors.joining(", "));
  }

  /** Takes the lengths of one more input, which must agree with those that are known. */
  void add(Value value, Tensor tensor) {
    if (value.type() != null && value.type() != tensor.type()) {
      throw wrong(value, tensor);
    }
    if (value.axes() == null) {
      return;
    }
    if (value.axes().size() != tensor.shape().rank()) {
      throw wrong(value, tensor);
    }
    for (int i = 0; i < tensor.shape().rank(); i++) {
      String axis = value.axes().get(i);
      int length = tensor.shape().axis(i);
      if (axis.equals("?")) {
        continue;
      }
      if (isNumber(axis)) {
        if (!axis.equals(String.valueOf(length))) {
          throw wrong(value, tensor);
        }
        continue;
      }
      Length other = lengths.putIfAbsent(axis, new Length(length, value.name()));
      if (other != null && other.length != length) {
        throw new InputException(
            "the axis "
                + axis
                + " is "
                + other.length
                + " in "
                + other.input
                + " and "
                + length
                + " in "
                + value.name(),
            "Give inputs that belong together.");
      }
    }
  }

  private static InputException wrong(Value value, Tensor tensor) {
    return new InputException(
        "the input " + value.name() + " is " + tensor + ", must be " + value.described(),
        "Give it in that type and shape.");
  }

  private static boolean isNumber(String axis) {
    return axis.matches("[0-9]+");
  }

  /** Returns the length of an axis, -1 where nothing says it. */
  int length(String axis) {
    if (isNumber(axis)) {
      return axis.length() > 9 ? -1 : Integer.parseInt(axis);
    }
    Length known = lengths.get(axis);
    return known == null ? -1 : known.length;
  }
}
