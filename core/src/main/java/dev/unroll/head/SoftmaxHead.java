package dev.unroll.head;

import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Slice;
import dev.unroll.kernel.Softmax;
import dev.unroll.layer.Initialization;
import org.jspecify.annotations.Nullable;

/**
 * A softmax over all outputs, {@code P(v) = softmax(Wy a + by)[v]}.
 *
 * <p>Parameters: {@code head.weight} [outputs][units], or the embedding's where they are tied, and
 * {@code head.bias} [outputs].
 */
final class SoftmaxHead implements TokenHead {

  private final int units;
  private final LinearHead linear;
  private final boolean tied;

  /**
   * Lays out the parameters.
   *
   * @param tied weights to use instead of own ones, or null
   */
  SoftmaxHead(int units, int outputs, @Nullable Slice tied, Layout layout) {
    this.units = units;
    this.tied = tied != null;
    linear = new LinearHead("head.", units, outputs, tied, layout);
  }

  @Override
  public Slice rows() {
    return linear.weight();
  }

  @Override
  public void initialize(float[] parameters, Initialization initialization) {
    if (!tied) {
      initialization.uniform(parameters, linear.weight(), Math.sqrt(1.0 / units));
    }
  }

  @Override
  public Weights newWeights(Precision precision) {
    return new Packed(new LinearHead.Weights(precision));
  }

  private final class Packed implements Weights {
    private final LinearHead.Weights weights;

    /** Of training with candidates, which one thread does. */
    private float[] values = {};

    private @Nullable SampledSoftmax sampled;

    Packed(LinearHead.Weights weights) {
      this.weights = weights;
    }

    @Override
    public void packForward(float[] parameters, Workers workers) {
      linear.packForward(parameters, weights, workers);
    }

    @Override
    public void setForSampling(float[] parameters) {
      values = parameters;
    }

    @Override
    public void packBackward(float[] parameters, Workers workers) {
      linear.packBackward(parameters, weights, workers);
    }

    @Override
    public void logits(Buffers space, Matrix a, Matrix logits, Workers workers) {
      linear.logits(weights, a, logits, workers);
    }

    @Override
    public void forEachRow(Buffers space, Matrix a, LinearHead.RowReader reader, Workers workers) {
      linear.forEachRow(weights, space.head, a, reader, workers);
    }

    @Override
    public void score(
        Buffers space, Matrix a, Targets targets, ScoreReader reader, Workers workers) {
      int outputs = linear.outputs();
      LinearHead.RowReader ofRow =
          (logits, at, row) -> {
            int target = targets.ids()[row];
            double score = logits[at + target] - Softmax.logSumExp(logits, at, outputs);
            reader.read(
                row, score, targets.ranked() ? Softmax.rank(logits, at, outputs, target) : 0);
          };
      linear.forEachRow(weights, space.head, a, ofRow, workers);
    }

    @Override
    public double lossAndGradient(
        Buffers space, Matrix a, Loss loss, Gradients into, Workers workers) {
      Candidates candidates = loss.candidates();
      if (candidates != null) {
        sampled = SampledSoftmax.of(sampled, linear.weight(), linear.bias(), candidates.size());
        return sampled.lossAndGradient(values, candidates, a, loss, into, workers);
      }
      return linear.lossAndGradient(
          weights,
          space.head,
          a,
          linear.softmaxLoss(loss.targets(), loss.smoothing()),
          loss.scale(),
          into.inputs(),
          into.parameters(),
          workers);
    }
  }
}
