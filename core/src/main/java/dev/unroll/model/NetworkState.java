package dev.unroll.model;

import dev.unroll.nn.LayerState;
import java.util.List;

/**
 * What a network carries from one step to the next: the states of its layers, and what its head
 * reads. A value that nobody changes, so that it can be kept, shared between threads and gone back
 * to.
 *
 * @param layers the state of each layer, the first next to the input
 * @param output what came out of the last layer, [B][outputs]: its a⟨t⟩, or more with a residual
 *     connection
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record NetworkState(List<LayerState> layers, float[] output) {
  /** Copies the list. */
  public NetworkState {
    layers = List.copyOf(layers);
  }

  /** The state of a network whose head reads the last layer's a⟨t⟩. */
  public NetworkState(List<LayerState> layers) {
    this(layers, layers.getLast().a());
  }
}
