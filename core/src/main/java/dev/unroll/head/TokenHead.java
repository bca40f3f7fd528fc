package dev.unroll.head;

import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.kernel.Slice;
import dev.unroll.layer.Initialization;
import org.jspecify.annotations.Nullable;

/** An output layer that predicts one token of a vocabulary per row, with its loss. */
public interface TokenHead {

  /** Returns where the weights of all outputs lie, a row each; null where they have no such. */
  @Nullable Slice rows();

  /** Sets first values: weights uniform in ±√(1 / inputs) unless they are tied, biases 0. */
  void initialize(float[] parameters, Initialization initialization);

  /** Returns weights to pack parameters into that were rounded to {@code precision}. */
  Weights newWeights(Precision precision);

  /** The weights in the kernel's panel layout: packed after each update, then only read. */
  interface Weights {

    /** Packs the weights for everything but the backward half of {@link #lossAndGradient}. */
    void packForward(float[] parameters, Workers workers);

    /**
     * Takes parameters for losses with {@link Candidates} only, for which nothing is packed.
     *
     * @throws IllegalStateException if the head does not know such losses
     */
    void setForSampling(float[] parameters);

    /** Packs the weights for the backward pass. */
    void packBackward(float[] parameters, Workers workers);

    /**
     * Writes the logits of the rows of {@code a} [rows][units] to {@code logits} [rows][outputs]:
     * log-probabilities, up to a number that is the same for all outputs of a row.
     */
    void logits(Buffers space, Matrix a, Matrix logits, Workers workers);

    /**
     * Computes the logits of all rows of {@code a}, some at a time, and shows each row to {@code
     * reader}.
     */
    void forEachRow(Buffers space, Matrix a, LinearHead.RowReader reader, Workers workers);

    /** Computes the log-probability of one target per row of {@code a}. */
    void score(Buffers space, Matrix a, Targets targets, ScoreReader reader, Workers workers);

    /**
     * Computes losses and all gradients.
     *
     * @param a the layer's input, [rows][units]
     * @return the sum of the losses of all rows, in nats
     */
    double lossAndGradient(Buffers space, Matrix a, Loss loss, Gradients into, Workers workers);
  }

  /** The buffers of one user; they grow to the largest batch seen. */
  final class Buffers {
    final LinearHead.Buffers head = new LinearHead.Buffers();

    // Of clusters only:
    final PackedMatrix packedRows = new PackedMatrix();
    float[] logits = {};
    float[] shares = {};
    float[] projected = {};
    float[] dProjected = {};
    float[] rows = {};
    float[] dRows = {};

    /** Creates empty buffers. */
    public Buffers() {}
  }

  /**
   * What is to be scored.
   *
   * @param ids the target of each row
   * @param ranked whether ranks are wanted, for which all outputs are computed
   */
  record Targets(int[] ids, boolean ranked) {}

  /** Receives the scores of targets. */
  @FunctionalInterface
  interface ScoreReader {
    /**
     * Reads the log-probability of the target of row {@code row} in nats, and its rank among all
     * outputs (1 for the likeliest; 0 if ranks were not asked for). Called by several threads at
     * once.
     */
    void read(int row, double logProbability, int rank);
  }

  /**
   * What is minimized.
   *
   * @param targets the target of each row
   * @param smoothing share of the target's probability that is spread evenly over all outputs of a
   *     softmax, in the gradient; the reported loss is that of the target only
   * @param scale factor of all gradients, such as 1 / rows for the gradient of a mean
   * @param candidates what the targets compete with; null for all outputs
   */
  record Loss(int[] targets, double smoothing, float scale, @Nullable Candidates candidates) {

    /** The loss of a softmax over all outputs. */
    public Loss(int[] targets, double smoothing, float scale) {
      this(targets, smoothing, scale, null);
    }
  }

  /**
   * Where gradients go.
   *
   * @param inputs receives the gradient of the layer's input
   * @param parameters flat gradients, to which those of the parameters are added
   */
  record Gradients(Matrix inputs, float[] parameters) {}
}
