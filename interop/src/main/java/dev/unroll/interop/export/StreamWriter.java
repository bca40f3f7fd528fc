package dev.unroll.interop.export;

import dev.unroll.base.InputException;
import dev.unroll.network.Network;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the states that a graph receives and gives: {@code state_in_0_a} and {@code state_out_0_a}
 * for a⟨t⟩ of layer 0, {@code state_in_0_c} for its memory cells, each [batch][width]. Where the
 * state before the first step is not zeros, the input {@code begins}, [batch], says which sequences
 * begin: their state is then the model's own, whatever is given.
 */
final class StreamWriter {

  private final GraphWriter g;
  private @Nullable String begins;

  StreamWriter(GraphWriter g) {
    this.g = g;
  }

  /** Refuses networks that need to see the end of a sequence first. */
  static void check(Network network) {
    if (network.layers().stream().anyMatch(each -> each.direction().ways() > 1)) {
      throw new InputException(
          "a bidirectional network needs whole sequences, so it has no streaming form",
          "Leave {streaming} out.");
    }
  }

  /**
   * Adds inputs for the states of all layers.
   *
   * @param starts the state of each layer before the first step; none for zeros
   */
  List<List<State>> receive(StackWriter stack, List<List<State>> starts) {
    if (!starts.isEmpty()) {
      begins = g.unsqueeze(g.input("begins", Type.BOOL, "batch"), 1);
    }
    var states = new ArrayList<List<State>>();
    for (int i = 0; i < stack.layers().size(); i++) {
      LayerPlan layer = stack.layers().get(i);
      State start = starts.isEmpty() ? null : starts.get(i).getFirst();
      String a = receive(i + "_a", layer.outputs(), start == null ? null : start.a());
      String c =
          layer.hasMemory()
              ? receive(i + "_c", layer.layer().units(), start == null ? null : start.c())
              : null;
      states.add(List.of(new State(a, c)));
    }
    return states;
  }

  /**
   * Adds an input for a state.
   *
   * @param start its value before the first step; null for zeros
   */
  String receive(String name, int width, @Nullable String start) {
    String given = g.input("state_in_" + name, Type.FLOAT, "batch", width);
    String where = begins;
    if (where == null) {
      return given;
    }
    return g.choose(where, start == null ? g.number(Type.FLOAT, 0) : start, given);
  }

  /** Adds outputs for the states of all layers. */
  void give(StackWriter stack, List<List<State>> ends) {
    for (int i = 0; i < ends.size(); i++) {
      State end = ends.get(i).getFirst();
      LayerPlan layer = stack.layers().get(i);
      give(i + "_a", end.a(), layer.outputs());
      String c = end.c();
      if (c != null) {
        give(i + "_c", c, layer.layer().units());
      }
    }
  }

  /** Adds an output for a state. */
  void give(String name, String value, int width) {
    g.output("state_out_" + name, value, Type.FLOAT, "batch", width);
  }
}
