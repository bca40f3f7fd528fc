package dev.unroll.layer;

import dev.unroll.base.Direction;
import dev.unroll.base.Matrix;
import dev.unroll.base.PoolingKind;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Fma;
import dev.unroll.kernel.Functions;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.kernel.Products;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import dev.unroll.kernel.Softmax;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns the outputs of a sequence into one vector.
 *
 * <pre>{@code
 * LAST       p = a⟨T⟩; of a bidirectional layer [a→⟨T⟩, a←⟨1⟩]
 * MEAN       p = Σ a⟨t⟩ / T
 * MAX        p = max over t of each element
 * ATTENTION  p = Σ α⟨t⟩ a⟨t⟩      α = softmax over t of v·tanh(W a⟨t⟩ + b)     (Yang et al. 2016)
 * }</pre>
 *
 * <p>Shapes: a [R][width] → p [B][width]; of a sequence without steps p is 0. Parameters of
 * attention: {@code attention.weight} [width][width], {@code attention.bias} and {@code
 * attention.vector} [width]. A sequence belongs to one thread, and its steps are added in ascending
 * order.
 */
public final class Pooling {

  private final PoolingKind kind;
  private final int width;

  /** The columns up to which the last step counts; from there on it is the first. */
  private final int forth;

  private final @Nullable Slice weight;
  private final @Nullable Slice bias;
  private final @Nullable Slice vector;

  /**
   * Lays out the parameters, if there are any.
   *
   * @param width of a⟨t⟩
   * @param direction which way the layer below reads
   * @throws IllegalArgumentException for the last output of a layer that adds both directions, of
   *     which no step holds all
   */
  public Pooling(PoolingKind kind, int width, Direction direction, Layout layout) {
    if (kind == PoolingKind.LAST && direction == Direction.SUM) {
      throw new IllegalArgumentException("no step holds the last output of both directions");
    }
    this.kind = kind;
    this.width = width;
    forth = direction == Direction.BOTH ? width / 2 : width;
    boolean attends = kind == PoolingKind.ATTENTION;
    weight = attends ? layout.matrix("attention.weight", width, width) : null;
    bias = attends ? layout.vector("attention.bias", width) : null;
    vector = attends ? layout.vector("attention.vector", width) : null;
  }

  /**
   * Sets first values: weights of attention uniform in ±√(3 / width), its vector in ±√(1 / width).
   */
  public void initialize(float[] parameters, Initialization initialization) {
    if (weight != null && vector != null) {
      initialization.uniform(parameters, weight, Math.sqrt(3.0 / width));
      initialization.uniform(parameters, vector, Math.sqrt(1.0 / width));
    }
  }

  /** Packs what {@link #forward} needs. */
  public void packForward(float[] parameters, MatrixWeights w, Workers workers) {
    w.packForward(parameters, weight, workers);
  }

  /** Packs what {@link #backward} needs in addition. */
  public void packBackward(float[] parameters, MatrixWeights w, Workers workers) {
    w.packBackward(parameters, weight, workers);
  }

  /** What one batch leaves for the backward pass; reused by the next batch. */
  public static final class Tape {
    private final PackedMatrix packed = new PackedMatrix();
    private Steps steps = Steps.of();
    private Matrix a = Matrix.of(new float[0], 0, 0);
    private float[] pooled = {};

    /** Of the greatest elements, the rows that they came from. */
    private int[] rows = {};

    private float[] hidden = {};
    private float[] dHidden = {};
    private float[] shares = {};

    /** Creates an empty tape. */
    public Tape() {}

    /**
     * Returns α of a row, after {@link #forward} with attention: the weight of the step in its
     * sequence.
     */
    float share(int row) {
      return shares[row];
    }
  }

  /** Returns p of each sequence, [B][width]: a view of the tape's. */
  public Matrix forward(MatrixWeights w, Steps steps, Matrix a, Tape tape, Workers workers) {
    tape.steps = steps;
    tape.a = a;
    tape.pooled = Rows.room(tape.pooled, steps.batch(), width);
    Matrix pooled = Matrix.of(tape.pooled, steps.batch(), width);
    if (kind == PoolingKind.ATTENTION) {
      attend(w, steps, a, tape, workers);
    } else if (kind == PoolingKind.MAX && tape.rows.length < tape.pooled.length) {
      tape.rows = new int[tape.pooled.length];
    }
    workers.run(
        steps.batch(),
        1,
        (from, to) -> {
          for (int s = from; s < to; s++) {
            Arrays.fill(tape.pooled, s * width, (s + 1) * width, 0f);
            if (steps.length(s) > 0) {
              pool(s, tape, pooled);
            }
          }
        });
    return pooled;
  }

  private void pool(int s, Tape tape, Matrix pooled) {
    Steps steps = tape.steps;
    float[] a = tape.a.data();
    float[] p = pooled.data();
    int into = pooled.row(s);
    int length = steps.length(s);
    switch (kind) {
      case LAST -> {
        int last = tape.a.row(steps.row(length - 1, s));
        int first = tape.a.row(steps.row(0, s));
        System.arraycopy(a, last, p, into, forth);
        System.arraycopy(a, first + forth, p, into + forth, width - forth);
      }
      case MEAN -> {
        for (int t = 0; t < length; t++) {
          Rows.add(a, tape.a.row(steps.row(t, s)), p, into, width);
        }
        Rows.scale(p, into, width, 1f / length);
      }
      case MAX -> {
        int begin = steps.row(0, s);
        System.arraycopy(a, tape.a.row(begin), p, into, width);
        Arrays.fill(tape.rows, into, into + width, begin);
        for (int t = 1; t < length; t++) {
          Rows.keepGreater(tape.a, steps.row(t, s), pooled, s, tape.rows);
        }
      }
      case ATTENTION -> {
        for (int t = 0; t < length; t++) {
          int row = steps.row(t, s);
          Rows.addScaled(tape.shares[row], a, tape.a.row(row), p, into, width);
        }
      }
    }
  }

  /** Computes α of each row. */
  private void attend(MatrixWeights w, Steps steps, Matrix a, Tape tape, Workers workers) {
    if (bias == null || vector == null) {
      throw new IllegalStateException("no attention");
    }
    tape.hidden = Rows.room(tape.hidden, steps.rows(), width);
    tape.shares = tape.shares.length < steps.rows() ? new float[steps.rows()] : tape.shares;
    Matrix hidden = Matrix.of(tape.hidden, steps.rows(), width);
    Products.multiplyOnto(bias.of(w.values()), a, w.forward(), hidden, workers);
    int v = vector.offset();
    workers.run(
        steps.rows(),
        16,
        (from, to) -> {
          Functions.tanh(tape.hidden, tape.hidden, from * width, (to - from) * width);
          for (int row = from; row < to; row++) {
            tape.shares[row] = Reductions.dot(tape.hidden, row * width, w.values(), v, width);
          }
        });
    workers.run(
        steps.batch(),
        1,
        (from, to) -> {
          for (int s = from; s < to; s++) {
            softmaxOverSteps(steps, s, tape.shares);
          }
        });
  }

  private static void softmaxOverSteps(Steps steps, int s, float[] shares) {
    int length = steps.length(s);
    if (length == 0) {
      return;
    }
    float[] own = new float[length];
    for (int t = 0; t < length; t++) {
      own[t] = shares[steps.row(t, s)];
    }
    Softmax.replaceByProbabilities(own, 0, length);
    for (int t = 0; t < length; t++) {
      shares[steps.row(t, s)] = own[t];
    }
  }

  /**
   * Computes the gradient of the outputs from that of p, and adds those of the parameters to {@code
   * gradients}.
   *
   * @param dPooled gradient of p, [B][width]
   * @param da receives the gradient of a, [R][width]
   */
  public void backward(
      MatrixWeights w, Tape tape, Matrix dPooled, Matrix da, float[] gradients, Workers workers) {
    Steps steps = tape.steps;
    workers.run(
        steps.batch(),
        1,
        (from, to) -> {
          for (int s = from; s < to; s++) {
            spread(s, tape, dPooled, da);
          }
        });
    if (weight != null && bias != null && vector != null) {
      attendBack(w, tape, da, gradients, workers);
    }
  }

  private void spread(int s, Tape tape, Matrix dPooled, Matrix da) {
    Steps steps = tape.steps;
    float[] dp = dPooled.data();
    int source = dPooled.row(s);
    int length = steps.length(s);
    for (int t = 0; t < length; t++) {
      int row = steps.row(t, s);
      int into = da.row(row);
      Arrays.fill(da.data(), into, into + width, 0f);
      switch (kind) {
        case LAST -> {
          if (t == length - 1) {
            System.arraycopy(dp, source, da.data(), into, forth);
          }
          if (t == 0) {
            System.arraycopy(dp, source + forth, da.data(), into + forth, width - forth);
          }
        }
        case MEAN -> Rows.addScaled(1f / length, dp, source, da.data(), into, width);
        case MAX -> {} // below, once all are zeros
        case ATTENTION -> Rows.addScaled(tape.shares[row], dp, source, da.data(), into, width);
      }
    }
    if (kind == PoolingKind.MAX && length > 0) {
      for (int j = 0; j < width; j++) {
        da.data()[da.row(tape.rows[s * width + j]) + j] = dp[source + j];
      }
    }
    if (kind == PoolingKind.ATTENTION) {
      replaceSharesByGradients(s, tape, dp, source);
    }
  }

  /** dα⟨t⟩ = dp·a⟨t⟩, and that of what the softmax was taken of: α⟨t⟩ (dα⟨t⟩ - Σ α dα). */
  private void replaceSharesByGradients(int s, Tape tape, float[] dp, int source) {
    Steps steps = tape.steps;
    int length = steps.length(s);
    float[] dShares = new float[length];
    float mean = 0;
    for (int t = 0; t < length; t++) {
      int row = steps.row(t, s);
      dShares[t] = Reductions.dot(tape.a.data(), tape.a.row(row), dp, source, width);
      mean = Fma.fma(tape.shares[row], dShares[t], mean);
    }
    for (int t = 0; t < length; t++) {
      int row = steps.row(t, s);
      tape.shares[row] *= dShares[t] - mean;
    }
  }

  /** From the gradients of v·tanh(W a + b), which have taken the place of the shares. */
  private void attendBack(
      MatrixWeights w, Tape tape, Matrix da, float[] gradients, Workers workers) {
    if (weight == null || bias == null || vector == null) {
      throw new IllegalStateException("no attention");
    }
    int rows = tape.steps.rows();
    int v = vector.offset();
    tape.dHidden = Rows.room(tape.dHidden, rows, width);
    Matrix hidden = Matrix.of(tape.hidden, rows, width);
    Matrix dHidden = Matrix.of(tape.dHidden, rows, width);
    workers.run(
        width,
        64,
        (from, to) -> { // dv = Σ de tanh(…)
          for (int row = 0; row < rows; row++) {
            Rows.addScaled(
                tape.shares[row],
                tape.hidden,
                hidden.row(row) + from,
                gradients,
                v + from,
                to - from);
          }
        });
    workers.run(
        rows,
        16,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            for (int j = 0; j < width; j++) {
              float tanh = tape.hidden[row * width + j];
              tape.dHidden[row * width + j] =
                  tape.shares[row] * w.values()[v + j] * Fma.fma(-tanh, tanh, 1f);
            }
          }
        });
    tape.packed.pack(tape.a, workers);
    Products.multiplyAdd(dHidden.transposed(), tape.packed, weight.of(gradients), workers);
    Rows.addColumnSums(dHidden, gradients, bias.offset(), workers);
    Products.multiplyAdd(dHidden, w.backward(), da, workers);
  }
}
