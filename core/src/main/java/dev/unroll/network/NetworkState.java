package dev.unroll.network;

import dev.unroll.kernel.Rows;
import dev.unroll.layer.LayerState;
import java.util.ArrayList;
import java.util.List;

/**
 * What a network carries from one step to the next: the states of its layers, and what its head
 * reads. An immutable value, so that it can be kept, shared between threads and restored.
 *
 * @param layers the state of each layer, the first next to the input
 * @param output the output of the last layer, [B][outputs]: its a⟨t⟩, or more with a residual
 *     connection
 */
public record NetworkState(List<LayerState> layers, float[] output) {
  /** Copies the list. */
  public NetworkState {
    layers = List.copyOf(layers);
  }

  /** The state of a network whose head reads the last layer's a⟨t⟩. */
  public NetworkState(List<LayerState> layers) {
    this(layers, layers.getLast().a());
  }

  /** Returns the state with the sequences that are {@code chosen} as they are in {@code other}. */
  public NetworkState with(boolean[] chosen, NetworkState other) {
    var merged = new ArrayList<LayerState>();
    for (int i = 0; i < layers.size(); i++) {
      merged.add(layers.get(i).with(chosen, other.layers.get(i)));
    }
    return new NetworkState(merged, Rows.choose(output, chosen, other.output));
  }

  /** Returns the state with zeros for the sequences that are {@code chosen}. */
  public NetworkState without(boolean[] chosen) {
    var cleared = layers.stream().map(layer -> layer.without(chosen)).toList();
    return new NetworkState(cleared, Rows.choose(output, chosen, new float[output.length]));
  }
}
