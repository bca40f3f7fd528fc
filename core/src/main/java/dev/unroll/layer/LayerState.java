package dev.unroll.layer;

import dev.unroll.kernel.Rows;

/**
 * What a recurrent layer carries from one step to the next, for each sequence of a batch. A value:
 * it does not change after its creation.
 *
 * @param a the hidden activations a⟨t⟩, [B][outputs]
 * @param c the memory cells c⟨t⟩ of an LSTM, [B][H]; empty for the other cells
 */
public record LayerState(float[] a, float[] c) {

  /** Returns the state with the sequences that are {@code chosen} as they are in {@code other}. */
  public LayerState with(boolean[] chosen, LayerState other) {
    return new LayerState(Rows.choose(a, chosen, other.a), Rows.choose(c, chosen, other.c));
  }

  /** Returns the state with zeros for the sequences that are {@code chosen}. */
  public LayerState without(boolean[] chosen) {
    return with(chosen, new LayerState(new float[a.length], new float[c.length]));
  }
}
