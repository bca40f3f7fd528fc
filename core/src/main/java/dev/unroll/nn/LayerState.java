package dev.unroll.nn;

/**
 * What a recurrent layer carries from one step to the next, for each sequence of a batch. A value:
 * nobody changes it after it was made.
 *
 * @param a the hidden activations a⟨t⟩, [B][outputs]
 * @param c the memory cells c⟨t⟩ of an LSTM, [B][H]; empty for the other cells
 */
public record LayerState(float[] a, float[] c) {}
