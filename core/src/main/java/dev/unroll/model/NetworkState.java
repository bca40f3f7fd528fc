package dev.unroll.model;

import dev.unroll.nn.LayerState;
import java.util.List;

/**
 * What a network carries from one step to the next: the states of its layers. A value that nobody
 * changes, so that it can be kept, shared between threads and gone back to.
 *
 * @param layers the state of each layer, the first next to the input
 */
public record NetworkState(List<LayerState> layers) {
  /** Copies the list. */
  public NetworkState {
    layers = List.copyOf(layers);
  }
}
