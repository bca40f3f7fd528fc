package dev.unroll.interop.onnx;

import dev.unroll.base.InputException;
import dev.unroll.interop.onnx.graph.Value;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks the inputs of a run: names, types, shapes, and that axes of one name are of one length.
 * What the model says is taken apart once; a stream checks at each step.
 */
final class InputCheck {

  /** An axis of any length. */
  private static final int FREE = -1;

  /** The axis of the first name; those of others are below. */
  private static final int NAMED = -2;

  /**
   * An input.
   *
   * @param axes of each axis its length, or {@link #FREE}, or {@code NAMED - i} for the ith name
   */
  private record Input(Value value, boolean needed, int @Nullable [] axes) {}

  private final Map<String, Input> inputs = new LinkedHashMap<>();
  private final List<String> names = new ArrayList<>();

  /**
   * Takes inputs apart.
   *
   * @param needed those that a run must have
   * @param possible those that it may have
   */
  InputCheck(List<Value> needed, List<Value> possible) {
    needed.forEach(each -> inputs.put(each.name(), new Input(each, true, axes(each))));
    possible.forEach(each -> inputs.put(each.name(), new Input(each, false, axes(each))));
  }

  private int @Nullable [] axes(Value value) {
    return value.axes() == null ? null : value.axes().stream().mapToInt(this::axis).toArray();
  }

  private int axis(String axis) {
    if (axis.equals("?")) {
      return FREE;
    }
    if (axis.matches("[0-9]+")) {
      // a length that no tensor has stays one
      return axis.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(axis);
    }
    if (!names.contains(axis)) {
      names.add(axis);
    }
    return NAMED - names.indexOf(axis);
  }

  /**
   * Checks the inputs of a run.
   *
   * @throws InputException if one is missing, is unknown, has another type or another shape
   */
  void check(Map<String, Tensor> given) {
    for (Input each : inputs.values()) {
      if (each.needed && !given.containsKey(each.value.name())) {
        throw new InputException("the input " + each.value.name() + " is missing", needed());
      }
    }
    if (!inputs.keySet().containsAll(given.keySet())) {
      var unknown = new TreeSet<>(given.keySet());
      unknown.removeAll(inputs.keySet());
      throw new InputException("has no input " + unknown.first(), needed());
    }
    lengths(given);
  }

  /** Whether a run must have an input. */
  boolean isNeeded(String name) {
    Input input = inputs.get(name);
    return input != null && input.needed;
  }

  private String needed() {
    String shown =
        inputs.values().stream()
            .filter(Input::needed)
            .map(each -> each.value.toString())
            .collect(Collectors.joining(", "));
    return "It needs " + (shown.isEmpty() ? "no inputs" : shown) + ".";
  }

  /** Returns the lengths of the axes with names, as inputs have them; {@link #FREE} of others. */
  private int[] lengths(Map<String, Tensor> given) {
    var lengths = new int[names.size()];
    Arrays.fill(lengths, FREE);
    for (Input input : inputs.values()) {
      Tensor tensor = given.get(input.value.name());
      if (tensor != null) {
        add(input, tensor, lengths, given);
      }
    }
    return lengths;
  }

  private void add(Input input, Tensor tensor, int[] lengths, Map<String, Tensor> given) {
    ElementType type = input.value.type();
    int[] axes = input.axes;
    int rank = tensor.shape().rank();
    if ((type != null && type != tensor.type()) || (axes != null && axes.length != rank)) {
      throw wrong(input.value, tensor);
    }
    for (int i = 0; axes != null && i < rank; i++) {
      int length = tensor.shape().axis(i);
      int axis = axes[i];
      if (axis >= 0 && axis != length) {
        throw wrong(input.value, tensor);
      }
      if (axis <= NAMED) {
        int known = lengths[NAMED - axis];
        if (known != FREE && known != length) {
          throw different(NAMED - axis, given);
        }
        lengths[NAMED - axis] = length;
      }
    }
  }

  private static InputException wrong(Value value, Tensor tensor) {
    return new InputException(
        "the input " + value.name() + " is " + tensor + ", must be " + value.described(),
        "Give it in that type and shape.");
  }

  private InputException different(int name, Map<String, Tensor> given) {
    String shown =
        inputs.values().stream()
            .filter(each -> has(each, name) && given.containsKey(each.value.name()))
            .map(each -> each.value.name() + " " + given.get(each.value.name()))
            .collect(Collectors.joining(", "));
    return new InputException(
        "the axis " + names.get(name) + " must have one length: " + shown,
        "Give inputs that belong together.");
  }

  private static boolean has(Input input, int name) {
    return input.axes != null && Arrays.stream(input.axes).anyMatch(each -> each == NAMED - name);
  }

  /**
   * Returns zeros for an input.
   *
   * @param given the other inputs, which say the lengths of axes with names
   * @throws InputException if nothing says how large it is
   */
  Tensor zeros(String name, Map<String, Tensor> given) {
    Input input = inputs.get(name);
    if (input == null || input.axes == null) {
      throw unknown(name);
    }
    int[] lengths = lengths(given);
    int[] axes =
        Arrays.stream(input.axes)
            .map(axis -> axis <= NAMED ? lengths[NAMED - axis] : axis)
            .toArray();
    if (Arrays.stream(axes).anyMatch(each -> each == FREE)) {
      throw unknown(input.value.toString());
    }
    ElementType type = input.value.type() == null ? ElementType.FLOAT : input.value.type();
    try {
      Shape shape = Shape.of(axes);
      return Tensor.adopt(
          type, shape, Array.newInstance(type.array().getComponentType(), shape.size()));
    } catch (IllegalArgumentException e) { // too many elements
      throw unknown(input.value.toString());
    }
  }

  private static InputException unknown(String state) {
    return new InputException(
        "nothing says how large the state " + state + " is",
        "Give its first value: restore(Map.of(…)).");
  }
}
