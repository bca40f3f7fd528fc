package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sums of products by Einstein's notation, such as {@code bij,bjk->bik}: one loop over all labels,
 * those of the result outside, and sums in double.
 */
final class Einsum {

  private static final String ELLIPSIS = "...";

  /** Labels of the axes that an ellipsis stands for, the last one last. */
  private static final int ELLIPSIS_LABELS = 0x2460;

  private static final int MOST_AXES = 32;

  private final List<String> labelsOfInputs = new ArrayList<>();
  private final String labelsOfResult;

  /** The length of each label. */
  private final Map<Character, Integer> lengths = new TreeMap<>();

  static List<Definition> definitions() {
    return List.of(
        new Definition(
            "Einsum", 12, call -> List.of(run(call.attributes().text("equation", ""), call))));
  }

  private static Tensor run(String equation, Call call) {
    var inputs = new ArrayList<Tensor>();
    for (int i = 0; i < call.inputs().size(); i++) {
      inputs.add(call.input(i));
    }
    return new Einsum(equation.replace(" ", ""), inputs).product(inputs);
  }

  private Einsum(String equation, List<Tensor> inputs) {
    int arrow = equation.indexOf("->");
    String left = arrow < 0 ? equation : equation.substring(0, arrow);
    String[] terms = left.split(",", -1);
    if (terms.length != inputs.size()) {
      throw new IllegalArgumentException(
          "the equation " + equation + " is not for " + inputs.size() + " inputs");
    }
    int extra = 0;
    for (int i = 0; i < terms.length; i++) {
      int rank = inputs.get(i).shape().rank();
      boolean open = terms[i].contains(ELLIPSIS);
      int named = terms[i].replace(ELLIPSIS, "").length();
      if (rank > MOST_AXES || (open ? named > rank : named != rank)) {
        throw new IllegalArgumentException(terms[i] + " is not for " + inputs.get(i));
      }
      extra = open ? Math.max(extra, rank - named) : extra;
    }
    for (int i = 0; i < terms.length; i++) {
      int own = inputs.get(i).shape().rank() - terms[i].replace(ELLIPSIS, "").length();
      String labels = terms[i].replace(ELLIPSIS, ellipsis(extra, own));
      labelsOfInputs.add(labels);
      learnLengths(labels, inputs.get(i).shape());
    }
    labelsOfResult =
        arrow < 0
            ? ellipsis(extra, extra) + onceOnly(left.replace(ELLIPSIS, "").replace(",", ""))
            : equation.substring(arrow + 2).replace(ELLIPSIS, ellipsis(extra, extra));
    if (labelsOfResult.chars().anyMatch(label -> !lengths.containsKey((char) label))
        || labelsOfResult.chars().distinct().count() != labelsOfResult.length()) {
      throw new IllegalArgumentException("the result of " + equation + " is not defined");
    }
  }

  /** The last {@code count} of {@code all} labels. */
  private static String ellipsis(int all, int count) {
    var labels = new StringBuilder();
    for (int i = all - count; i < all; i++) {
      labels.append((char) (ELLIPSIS_LABELS + i));
    }
    return labels.toString();
  }

  /** Without an arrow the result has the labels that stand once, in the order of the alphabet. */
  private static String onceOnly(String labels) {
    var once = new StringBuilder();
    labels
        .chars()
        .sorted()
        .filter(label -> labels.indexOf(label) == labels.lastIndexOf(label))
        .forEach(label -> once.append((char) label));
    return once.toString();
  }

  private void learnLengths(String labels, Shape shape) {
    for (int axis = 0; axis < labels.length(); axis++) {
      char label = labels.charAt(axis);
      int length = shape.axis(axis);
      int known = lengths.getOrDefault(label, 1);
      if (known != 1 && length != 1 && known != length) {
        throw new IllegalArgumentException(
            "the label " + label + " is " + known + " and " + length + " long");
      }
      lengths.put(label, known == 1 ? length : known);
    }
  }

  private Tensor product(List<Tensor> inputs) {
    var all = new LinkedHashMap<Character, Integer>();
    labelsOfResult.chars().forEach(label -> all.put((char) label, lengths.get((char) label)));
    Shape result = new Shape(List.copyOf(all.values()));
    lengths.forEach(all::putIfAbsent);
    Shape loops = new Shape(List.copyOf(all.values()));
    String order = String.join("", all.keySet().stream().map(String::valueOf).toList());
    int count = inputs.size();
    var strides = new int[count + 1][];
    var values = new double[count][];
    for (int i = 0; i < count; i++) {
      strides[i] = strides(order, labelsOfInputs.get(i), inputs.get(i).shape());
      values[i] = inputs.get(i).doubles();
    }
    strides[count] = strides(order, labelsOfResult, result);
    double[] out = Elements.doubles(result);
    for (var walk = new RowWalk(loops, strides); walk.hasRow(); walk.next()) {
      for (int i = 0; i < walk.length(); i++) {
        double product = 1;
        for (int input = 0; input < count; input++) {
          product *= values[input][walk.start(input) + i * walk.step(input)];
        }
        out[walk.start(count) + i * walk.step(count)] += product;
      }
    }
    Tensor real = Tensor.adopt(ElementType.DOUBLE, result, out);
    return Casts.cast(real, inputs.get(0).type());
  }

  /** Distances along each loop; a label that an operand has twice is its diagonal. */
  private static int[] strides(String order, String labels, Shape shape) {
    var strides = new int[order.length()];
    int[] own = shape.strides();
    for (int axis = 0; axis < own.length; axis++) {
      strides[order.indexOf(labels.charAt(axis))] += shape.axis(axis) == 1 ? 0 : own[axis];
    }
    return strides;
  }
}
