package dev.unroll.network;

import dev.unroll.kernel.Rows;
import dev.unroll.layer.LayerState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The state that a network carries from one step to the next: the states of its layers, and what
 * its head reads. It is an immutable value that can be kept, shared between threads and restored.
 *
 * @param layers the state of each layer, the first next to the input
 * @param output the output of the last layer, [B][outputs]: its a⟨t⟩, or more with a residual
 *     connection
 * @param history the tokens that were read last, [B][n], of a network beside which n-grams stand;
 *     else of length 0
 */
public record NetworkState(List<LayerState> layers, float[] output, int[] history) {

  private static final int[] NONE = {};

  /** Copies the list. */
  public NetworkState {
    layers = List.copyOf(layers);
  }

  /** The state of a network by itself. */
  public NetworkState(List<LayerState> layers, float[] output) {
    this(layers, output, NONE);
  }

  /** The state of a network whose head reads the last layer's a⟨t⟩. */
  public NetworkState(List<LayerState> layers) {
    this(layers, layers.getLast().a());
  }

  /** Returns the state with other tokens that were read last. */
  public NetworkState withHistory(int[] tokens) {
    return new NetworkState(layers, output, tokens);
  }

  /** Returns the state with the sequences that are {@code chosen} as they are in {@code other}. */
  public NetworkState with(boolean[] chosen, NetworkState other) {
    var merged = new ArrayList<LayerState>();
    for (int i = 0; i < layers.size(); i++) {
      merged.add(layers.get(i).with(chosen, other.layers.get(i)));
    }
    int[] tokens = history.clone();
    int width = tokens.length / chosen.length;
    for (int s = 0; s < chosen.length; s++) {
      if (chosen[s]) {
        System.arraycopy(other.history, s * width, tokens, s * width, width);
      }
    }
    return new NetworkState(merged, Rows.choose(output, chosen, other.output), tokens);
  }

  /** Returns the state with zeros for the sequences that are {@code chosen}. */
  public NetworkState without(boolean[] chosen) {
    var cleared = layers.stream().map(layer -> layer.without(chosen)).toList();
    return new NetworkState(cleared, Rows.choose(output, chosen, new float[output.length]));
  }

  /** Returns the states of several sequences as one, in their order. */
  public static NetworkState join(List<NetworkState> states) {
    if (states.size() == 1) {
      return states.getFirst();
    }
    var layers = new ArrayList<LayerState>();
    for (int i = 0; i < states.getFirst().layers.size(); i++) {
      int layer = i;
      layers.add(
          new LayerState(
              Rows.join(states.stream().map(each -> each.layers.get(layer).a()).toList()),
              Rows.join(states.stream().map(each -> each.layers.get(layer).c()).toList())));
    }
    return new NetworkState(
        layers,
        Rows.join(states.stream().map(NetworkState::output).toList()),
        states.stream().flatMapToInt(each -> Arrays.stream(each.history)).toArray());
  }

  /** Returns the state of each of {@code batch} sequences. */
  public List<NetworkState> split(int batch) {
    if (batch == 1) {
      return List.of(this);
    }
    var states = new ArrayList<NetworkState>();
    int width = history.length / batch;
    for (int i = 0; i < batch; i++) {
      int row = i;
      var own =
          layers.stream()
              .map(
                  layer ->
                      new LayerState(
                          Rows.part(layer.a(), row, batch), Rows.part(layer.c(), row, batch)))
              .toList();
      int[] tokens = Arrays.copyOfRange(history, row * width, (row + 1) * width);
      states.add(new NetworkState(own, Rows.part(output, row, batch), tokens));
    }
    return states;
  }

  /** Whether all numbers and tokens are the same. */
  @Override
  public boolean equals(Object other) {
    return other instanceof NetworkState that
        && layers.equals(that.layers)
        && Arrays.equals(output, that.output)
        && Arrays.equals(history, that.history);
  }

  @Override
  public int hashCode() {
    return 31 * layers.hashCode() + Arrays.hashCode(history); // the output follows from the layers
  }

  /** Returns such as {@code state of the layers [a of 64, c of 64]}. */
  @Override
  public String toString() {
    return "state of the layers " + layers;
  }
}
