package dev.unroll.head;

import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.kernel.Products;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import dev.unroll.kernel.Softmax;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The output layer {@code logits = Wy a⟨t⟩ + by} together with its loss, so that logits need to
 * exist only for a part of the rows: with a vocabulary of 10,000 the logits of a batch would be its
 * largest array.
 *
 * <p>Parameters: {@code weight} [outputs][units], or the embedding's where they are tied (Press and
 * Wolf 2017; Inan et al. 2017), and {@code bias} [outputs].
 */
public final class LinearHead {

  /** Floats of a cache line. */
  private static final int LINE = 16;

  /** Logits held at a time: 10 MiB. */
  private static final int CHUNK_ELEMENTS = 5 << 19;

  /** Rows that share the weights, which come from memory for each chunk, */
  public static final int ROWS_TOGETHER = 256;

  /** unless their logits were more than 64 MiB. */
  private static final int MOST_ELEMENTS = 1 << 24;

  private final Slice weight;
  private final Slice bias;
  private final int outputs;

  /** Distance between two rows of logits: an odd number of cache lines. */
  private final int stride;

  /**
   * Lays out the parameters under names that begin with {@code prefix}, or only the bias where
   * {@code tied} weights are given.
   */
  public LinearHead(String prefix, int units, int outputs, @Nullable Slice tied, Layout layout) {
    this.weight = tied == null ? layout.matrix(prefix + "weight", outputs, units) : tied;
    this.bias = layout.vector(prefix + "bias", outputs);
    this.outputs = outputs;
    this.stride = ((outputs + LINE - 1) / LINE | 1) * LINE; // odd, as few sets hold rows 2ⁿ apart
  }

  /** Returns the number of outputs. */
  public int outputs() {
    return outputs;
  }

  /** Returns where the weights lie. */
  public Slice weight() {
    return weight;
  }

  /** Returns where the bias lies. */
  Slice bias() {
    return bias;
  }

  /** The weights in the kernel's panel layout: packed after each update, then only read. */
  public static final class Weights {
    private final PackedMatrix forward = new PackedMatrix();
    private final PackedMatrix backward = new PackedMatrix();
    private final Precision precision;
    private float[] values = new float[0];

    /** Creates weights to pack parameters into that were rounded to {@code precision}. */
    public Weights(Precision precision) {
      this.precision = precision;
    }
  }

  /** The buffers of one user. */
  public static final class Buffers {
    private final PackedMatrix packedInputs = new PackedMatrix();
    private float[] logits = new float[0];
    private double[] losses = new double[0];

    /** Creates empty buffers; they grow to the largest batch seen. */
    public Buffers() {}
  }

  /** Packs the weights for {@link #logits} and the forward half of the losses. */
  public void packForward(float[] parameters, Weights w, Workers workers) {
    w.values = parameters;
    w.backward.clear(); // of older parameters
    w.forward.pack(weight.of(parameters).transposed(), w.precision, workers);
  }

  /** Packs the weights for the backward pass. */
  public void packBackward(float[] parameters, Weights w, Workers workers) {
    w.backward.pack(weight.of(parameters), workers);
  }

  /** Writes the logits of the rows of {@code a} [rows][units] to {@code logits} [rows][outputs]. */
  public void logits(Weights w, Matrix a, Matrix logits, Workers workers) {
    Products.multiplyOnto(bias.of(w.values), a, w.forward, logits, workers);
  }

  /** What a loss needs of each row. */
  @FunctionalInterface
  public interface RowLoss {
    /**
     * Returns the loss in nats of row {@code row}, whose logits begin at {@code offset}, and
     * replaces them by their gradient times {@code scale}.
     */
    double replaceByGradient(float[] logits, int offset, int row, float scale);
  }

  /**
   * Returns the softmax cross-entropy against one target per row.
   *
   * @param smoothing share of the target's probability that is spread evenly over all outputs, in
   *     the gradient; the reported loss is that of the target only
   */
  public RowLoss softmaxLoss(int[] targets, double smoothing) {
    return (logits, offset, row, scale) -> {
      int target = Objects.checkIndex(targets[row], outputs);
      double loss = Softmax.crossEntropy(logits, offset, outputs, target, scale);
      if (smoothing > 0) {
        Softmax.smoothGradient(logits, offset, outputs, target, (float) smoothing * scale);
      }
      return loss;
    };
  }

  /** Returns the sigmoid cross-entropy against labels [rows][outputs], each in [0, 1]. */
  public RowLoss sigmoidLoss(float[] labels) {
    return (logits, offset, row, scale) ->
        Softmax.sigmoidCrossEntropy(logits, offset, labels, row * outputs, outputs, scale);
  }

  /**
   * Computes losses and all gradients.
   *
   * @param a the layer's input, [rows][units]
   * @param loss the loss of a row
   * @param scale factor of all gradients, such as 1 / rows for the gradient of a mean
   * @param da receives the gradient of a
   * @param gradients flat gradients, to which those of weight and bias are added
   * @return the sum of the rows' losses, in nats
   */
  public double lossAndGradient(
      Weights w,
      Buffers space,
      Matrix a,
      RowLoss loss,
      float scale,
      Matrix da,
      float[] gradients,
      Workers workers) {
    double total = 0;
    int chunk = chunkRows();
    for (int from = 0; from < a.rows(); from += chunk) {
      int to = Math.min(a.rows(), from + chunk);
      Matrix rows = a.rows(from, to);
      Matrix logits = chunkLogits(w, space, rows, workers);
      total += losses(space, logits, loss, from, scale, workers);
      backward(w, space, rows, logits, da.rows(from, to), gradients, workers);
    }
    return total;
  }

  /**
   * Computes the gradients from those of the logits.
   *
   * @param a the layer's input, [rows][units]
   * @param dLogits gradient of the logits, [rows][outputs]
   * @param da receives the gradient of a
   * @param gradients flat gradients, to which those of weight and bias are added
   */
  public void backward(
      Weights w,
      Buffers space,
      Matrix a,
      Matrix dLogits,
      Matrix da,
      float[] gradients,
      Workers workers) {
    Products.multiply(dLogits, w.backward, da, workers);
    space.packedInputs.pack(a, workers);
    var ofWeight = new Products.Term(space.packedInputs, weight.of(gradients));
    var ofBias = new Products.RowSums(gradients, bias.offset());
    Products.multiplyAdd(dLogits.transposed(), ofBias, List.of(ofWeight), workers);
  }

  private Matrix chunkLogits(Weights w, Buffers space, Matrix rows, Workers workers) {
    space.logits = Rows.room(space.logits, Matrix.ALIGNED + rows.rows() * stride, 1);
    var logits = new Matrix(space.logits, Matrix.ALIGNED, rows.rows(), outputs, stride, 1);
    logits(w, rows, logits, workers);
    return logits;
  }

  private double losses(
      Buffers space, Matrix logits, RowLoss loss, int first, float scale, Workers workers) {
    space.losses = Rows.room(space.losses, logits.rows(), 1);
    forEach(
        logits.rows(),
        workers,
        row ->
            space.losses[row] =
                loss.replaceByGradient(logits.data(), logits.row(row), first + row, scale));
    double total = 0;
    for (int row = 0; row < logits.rows(); row++) {
      total += space.losses[row];
    }
    return total;
  }

  private int chunkRows() {
    int shared = Math.min(ROWS_TOGETHER, MOST_ELEMENTS / outputs);
    return Math.max(64, Math.max(shared, CHUNK_ELEMENTS / outputs) / 64 * 64);
  }

  /** Sees the logits of one row. */
  @FunctionalInterface
  public interface RowReader {
    /** Reads {@code outputs} logits from {@code offset} on. Called by several threads at once. */
    void read(float[] logits, int offset, int row);
  }

  /** Computes the logits of all rows, some at a time, and shows each row to {@code reader}. */
  void forEachRow(Weights w, Buffers space, Matrix a, RowReader reader, Workers workers) {
    int chunk = chunkRows();
    for (int first = 0; first < a.rows(); first += chunk) {
      int base = first;
      int last = Math.min(a.rows(), first + chunk);
      Matrix logits = chunkLogits(w, space, a.rows(first, last), workers);
      forEach(
          logits.rows(), workers, row -> reader.read(logits.data(), logits.row(row), base + row));
    }
  }

  /** Does something for each row, in several threads at once. */
  static void forEach(int rows, Workers workers, IntConsumer task) {
    workers.run(
        rows,
        4,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            task.accept(row);
          }
        });
  }
}
