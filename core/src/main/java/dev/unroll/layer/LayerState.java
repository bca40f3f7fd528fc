package dev.unroll.layer;

import dev.unroll.kernel.Rows;
import java.util.Arrays;
import java.util.List;

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

  /** Returns the state of a layer that reads in both directions: this one's, then the other's. */
  LayerState join(LayerState other) {
    return new LayerState(concatenation(a, other.a), concatenation(c, other.c));
  }

  private static float[] concatenation(float[] x, float[] y) {
    float[] both = Arrays.copyOf(x, x.length + y.length);
    System.arraycopy(y, 0, both, x.length, y.length);
    return both;
  }

  /** Returns the two states that {@link #join} joined, of equal size. */
  List<LayerState> halves() {
    int ofA = a.length / 2;
    int ofC = c.length / 2;
    return List.of(
        new LayerState(Arrays.copyOf(a, ofA), Arrays.copyOf(c, ofC)),
        new LayerState(Arrays.copyOfRange(a, ofA, 2 * ofA), Arrays.copyOfRange(c, ofC, 2 * ofC)));
  }

  /** Whether all numbers are the same. */
  @Override
  public boolean equals(Object other) {
    return other instanceof LayerState that && Arrays.equals(a, that.a) && Arrays.equals(c, that.c);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(a) + Arrays.hashCode(c);
  }

  /** Returns such as {@code a of 64, c of 64}. */
  @Override
  public String toString() {
    return "a of " + a.length + (c.length == 0 ? "" : ", c of " + c.length);
  }
}
