package dev.unroll.layer;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import java.util.Arrays;
import java.util.Objects;

/**
 * One vector for each token: {@code W x} of a one-hot x is a column of W, so it is looked up, never
 * multiplied. The id {@link #START} stands for x⟨1⟩ = 0, the input before any token, and has zeros.
 *
 * <p>Parameter: {@code embedding.weight} [vocabulary][width].
 */
public final class Embedding {

  /** The input before the first token: a row of zeros. */
  public static final int START = -1;

  private final Slice weight;

  /** Lays out the parameter under {@code name}. */
  public Embedding(int vocabulary, int width, String name, Layout layout) {
    weight = layout.matrix(name, vocabulary, width);
  }

  /** Returns where the vectors lie, one row per token. */
  public Slice weight() {
    return weight;
  }

  /** Sets first values: uniform in ±0.1. */
  public void initialize(float[] parameters, Initialization initialization) {
    initialization.uniform(parameters, weight, 0.1);
  }

  /** Writes the vector of one token to a row of {@code x}. */
  public void forward(float[] parameters, int token, Matrix x, int row) {
    int width = weight.columns();
    int target = x.row(row);
    if (token == START) {
      Arrays.fill(x.data(), target, target + width, 0f);
    } else {
      int source = weight.offset() + Objects.checkIndex(token, weight.rows()) * width;
      System.arraycopy(parameters, source, x.data(), target, width);
    }
  }

  /** Writes the vectors of {@code x.rows()} tokens to the rows of {@code x}. */
  public void forward(float[] parameters, int[] tokens, Matrix x, Workers workers) {
    workers.run(
        x.rows(),
        16,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            forward(parameters, tokens[row], x, row);
          }
        });
  }

  /**
   * Adds the gradient of each row to that of its token, rows in ascending order; threads share out
   * the columns.
   */
  public void backward(int[] tokens, Matrix dx, float[] gradients, Workers workers) {
    int width = weight.columns();
    workers.run(
        width,
        16,
        (from, to) -> {
          for (int row = 0; row < dx.rows(); row++) {
            if (tokens[row] != START) {
              int target = weight.offset() + tokens[row] * width + from;
              Rows.add(dx.data(), dx.row(row) + from, gradients, target, to - from);
            }
          }
        });
  }
}
