package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.onnx.graph.Attributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What the attributes of a recurrent node say.
 *
 * @param ways one for each direction
 * @param hidden the number of units; 0 where the node leaves it to the weights
 * @param clip the bound of what goes into the gates' functions; infinite where there is none
 * @param inputForget whether the forget gate is what the input gate leaves, {@code f = 1 - i}
 * @param linearBeforeReset whether the reset gate acts on {@code R H⟨t-1⟩ + Rb} instead of H⟨t-1⟩
 * @param batchFirst whether sequences are the first axis of X and Y (layout 1), instead of steps
 */
record RecurrentForm(
    RecurrentKind kind,
    List<Way> ways,
    int hidden,
    double clip,
    boolean inputForget,
    boolean linearBeforeReset,
    boolean batchFirst) {

  /**
   * One direction.
   *
   * @param reverse whether it reads each sequence from its last step to its first
   * @param activations f, g and h, as many as the operator has
   */
  record Way(boolean reverse, List<Activation> activations) {
    Way {
      activations = List.copyOf(activations);
    }
  }

  RecurrentForm {
    ways = List.copyOf(ways);
  }

  /**
   * Reads attributes.
   *
   * @throws IllegalArgumentException if one is wrong
   */
  static RecurrentForm of(RecurrentKind kind, Attributes attributes) {
    List<Boolean> reverse = directions(attributes.text("direction", "forward"));
    List<Activation> activations = activations(kind, attributes, reverse.size());
    int functions = kind.functions().size();
    var ways = new ArrayList<Way>();
    for (int way = 0; way < reverse.size(); way++) {
      ways.add(
          new Way(reverse.get(way), activations.subList(way * functions, (way + 1) * functions)));
    }
    return new RecurrentForm(
        kind,
        ways,
        hidden(attributes),
        clip(attributes),
        kind == RecurrentKind.LSTM && attributes.number("input_forget", 0) != 0,
        kind == RecurrentKind.GRU && attributes.number("linear_before_reset", 0) != 0,
        layout(attributes) == 1);
  }

  /** The number of directions. */
  int directions() {
    return ways.size();
  }

  private static List<Boolean> directions(String direction) {
    return switch (direction) {
      case "forward" -> List.of(false);
      case "reverse" -> List.of(true);
      case "bidirectional" -> List.of(false, true);
      default ->
          throw new IllegalArgumentException(
              "direction is \"" + direction + "\", must be forward, reverse or bidirectional");
    };
  }

  private static List<Activation> activations(
      RecurrentKind kind, Attributes attributes, int directions) {
    List<String> usual = kind.functions();
    int count = directions * usual.size();
    List<String> names = attributes.texts("activations");
    if (names.isEmpty()) {
      names = Collections.nCopies(directions, usual).stream().flatMap(List::stream).toList();
    } else if (kind == RecurrentKind.RNN && names.size() == 2 && directions == 1) {
      names = names.subList(0, 1); // the specification's own default names two
    }
    if (names.size() != count) {
      throw new IllegalArgumentException(
          "activations names " + names.size() + " functions, must name " + count);
    }
    return Activation.of(
        names,
        attributes.reals("activation_alpha"),
        attributes.reals("activation_beta"),
        kind == RecurrentKind.RNN);
  }

  private static int hidden(Attributes attributes) {
    long hidden = attributes.number("hidden_size", 0);
    if (hidden < 0 || hidden > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("hidden_size is " + hidden + ", must be 1 or more");
    }
    return (int) hidden;
  }

  private static double clip(Attributes attributes) {
    float clip = attributes.real("clip", Float.POSITIVE_INFINITY);
    if (!(clip > 0)) {
      throw new IllegalArgumentException("clip is " + clip + ", must be greater than 0");
    }
    return clip;
  }

  private static long layout(Attributes attributes) {
    long layout = attributes.number("layout", 0);
    if (layout != 0 && layout != 1) {
      throw new IllegalArgumentException("layout is " + layout + ", must be 0 or 1");
    }
    return layout;
  }
}
