package dev.unroll.task.lm;

import dev.unroll.kernel.Fma;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Slice;
import dev.unroll.layer.Initialization;
import dev.unroll.layer.LayerState;
import dev.unroll.network.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * States before the first step that depend on a vector g:
 *
 * <pre>{@code
 * a⟨0⟩ = a + Wa g      c⟨0⟩ = c + Wc g
 * }</pre>
 *
 * <p>with the state a, c that the network has anyway: zeros, or as learned. Parameters of each
 * layer: {@code start.N.a} [inputs][outputs] and, of an LSTM, {@code start.N.c} [inputs][units].
 */
final class ConditionedStart {

  private static final double BOUND = 0.1;

  private final int inputs;
  private final List<Part> parts = new ArrayList<>();

  /**
   * What is added to a state of a layer.
   *
   * @param memory whether to its memory cells, or to its outputs
   */
  private record Part(int layer, boolean memory, Slice weight) {
    float[] of(List<LayerState> states) {
      return memory ? states.get(layer).c() : states.get(layer).a();
    }
  }

  ConditionedStart(Network network, int inputs, Layout layout) {
    this.inputs = inputs;
    for (int i = 0; i < network.layers().size(); i++) {
      Network.Layer layer = network.layers().get(i);
      String prefix = "start." + i;
      parts.add(new Part(i, false, layout.vectors(prefix + ".a", inputs, layer.outputs())));
      if (layer.cell().hasMemory()) {
        parts.add(new Part(i, true, layout.vectors(prefix + ".c", inputs, layer.units())));
      }
    }
  }

  void initialize(float[] parameters, Initialization initialization) {
    parts.forEach(part -> initialization.uniform(parameters, part.weight, BOUND));
  }

  /** Returns the states of sequences, from those that they have anyway. */
  List<LayerState> forward(List<LayerState> states, float[] given, float[] parameters) {
    var changed =
        states.stream().map(each -> new LayerState(each.a().clone(), each.c().clone())).toList();
    parts.forEach(part -> add(part.weight, given, parameters, part.of(changed)));
    return changed;
  }

  /** Adds the gradients of the parameters, from those of the states. */
  void addGradient(List<LayerState> dStates, float[] given, float[] gradients) {
    parts.forEach(part -> addGradient(part.weight, given, part.of(dStates), gradients));
  }

  private void add(Slice weight, float[] given, float[] parameters, float[] state) {
    int width = weight.columns();
    for (int s = 0; s < given.length / inputs; s++) {
      for (int k = 0; k < inputs; k++) {
        float number = given[s * inputs + k];
        for (int j = 0; number != 0 && j < width; j++) {
          int own = weight.offset() + k * width + j;
          state[s * width + j] = Fma.fma(number, parameters[own], state[s * width + j]);
        }
      }
    }
  }

  private void addGradient(Slice weight, float[] given, float[] dState, float[] gradients) {
    int width = weight.columns();
    for (int s = 0; s < given.length / inputs; s++) {
      for (int k = 0; k < inputs; k++) {
        float number = given[s * inputs + k];
        for (int j = 0; number != 0 && j < width; j++) {
          int own = weight.offset() + k * width + j;
          gradients[own] = Fma.fma(number, dState[s * width + j], gradients[own]);
        }
      }
    }
  }
}
