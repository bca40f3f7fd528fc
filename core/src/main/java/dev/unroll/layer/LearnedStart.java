package dev.unroll.layer;

import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import org.jspecify.annotations.Nullable;

/**
 * The learned state before a sequence, where there is one.
 *
 * @param a where a⟨0⟩ lies, or null for zeros
 * @param c where c⟨0⟩ lies, or null for zeros
 */
record LearnedStart(@Nullable Slice a, @Nullable Slice c) {

  /** Bound of the first values where products are normalized: zeros have no variance. */
  private static final double NORMALIZED_START = 0.1;

  /** Sets the first values of a⟨0⟩ where there is layer normalization; else they are zeros. */
  void initialize(float[] parameters, Initialization initialization) {
    if (a != null) {
      initialization.uniform(parameters, a, NORMALIZED_START);
    }
  }

  /** Writes the learned values over the zeros of {@code batch} sequences. */
  void copyTo(LayerState state, float[] parameters, int batch) {
    for (int s = 0; s < batch; s++) {
      copy(a, parameters, state.a(), s);
      copy(c, parameters, state.c(), s);
    }
  }

  private static void copy(@Nullable Slice start, float[] parameters, float[] states, int s) {
    if (start != null) {
      System.arraycopy(parameters, start.offset(), states, s * start.size(), start.size());
    }
  }

  /** Adds the gradients of the start states of {@code batch} sequences. */
  void addGradient(LayerState gradient, float[] gradients, int batch) {
    for (int s = 0; s < batch; s++) {
      add(a, gradient.a(), gradients, s);
      add(c, gradient.c(), gradients, s);
    }
  }

  private static void add(@Nullable Slice start, float[] gradient, float[] gradients, int s) {
    if (start != null) {
      Rows.add(gradient, s * start.size(), gradients, start.offset(), start.size());
    }
  }
}
