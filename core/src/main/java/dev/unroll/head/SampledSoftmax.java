package dev.unroll.head;

import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The loss of a softmax over a large vocabulary, by importance sampling (Jean et al. 2015): in a
 * step of training each target competes with {@link Candidates} only. The logit of a token is
 * lowered by the logarithm of its chance to be one, so that the gradient is that of the whole
 * softmax as the candidates become more; a target that is a candidate too competes once.
 *
 * <pre>{@code
 * s(k) = W[k] a + b[k] - log chance(k)      L = -s(target) + log (e^s(target) + Σ over candidates e^s(k))
 * }</pre>
 *
 * <p>Used by one thread, which lends its workers.
 */
final class SampledSoftmax {

  private final Slice weight;
  private final Slice bias;
  private final int units;

  /** The weights and biases of the candidates, one after the other as {@link #compact} wants. */
  private final LinearHead compact;

  private final LinearHead.Weights packed = new LinearHead.Weights(Precision.FLOAT32);
  private final LinearHead.Buffers space = new LinearHead.Buffers();
  private final float[] values;
  private final float[] gradients;

  /** Of each row the gradient of its target's logit. */
  private float[] ofTargets = {};

  /**
   * Prepares for so many candidates.
   *
   * @param weight where the weights of all outputs lie, [outputs][units]
   * @param bias where their biases lie
   */
  SampledSoftmax(Slice weight, Slice bias, int candidates) {
    this.weight = weight;
    this.bias = bias;
    units = weight.columns();
    var layout = new Layout();
    compact = new LinearHead("", units, candidates, null, layout);
    values = new float[layout.size()];
    gradients = new float[layout.size()];
  }

  int candidates() {
    return compact.outputs();
  }

  /** Does what {@link TokenHead.Weights#lossAndGradient} says. */
  double lossAndGradient(
      float[] parameters,
      Candidates candidates,
      Matrix a,
      TokenHead.Loss loss,
      TokenHead.Gradients into,
      Workers workers) {
    gather(parameters, candidates, workers);
    compact.packForward(values, packed, workers);
    compact.packBackward(values, packed, workers);
    workers.run(gradients.length, 4096, (from, to) -> Arrays.fill(gradients, from, to, 0f));
    ofTargets = Rows.room(ofTargets, a.rows(), 1);
    double total =
        compact.lossAndGradient(
            packed,
            space,
            a,
            (logits, offset, row, scale) ->
                rowLoss(parameters, candidates, a, loss.targets()[row], logits, offset, row, scale),
            loss.scale(),
            into.inputs(),
            gradients,
            workers);
    scatter(candidates, into.parameters(), workers);
    addTargets(parameters, a, loss.targets(), into, workers);
    return total;
  }

  /** Biases are lowered by what their logits are. */
  private void gather(float[] parameters, Candidates candidates, Workers workers) {
    int biases = candidates.size() * units;
    workers.run(
        candidates.size(),
        16,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int token = candidates.token(i);
            System.arraycopy(parameters, weight.offset() + token * units, values, i * units, units);
            values[biases + i] =
                (float) (parameters[bias.offset() + token] - candidates.logChance(token));
          }
        });
  }

  private double rowLoss(
      float[] parameters,
      Candidates candidates,
      Matrix a,
      int target,
      float[] logits,
      int offset,
      int row,
      float scale) {
    int count = candidates.size();
    int place = candidates.place(target);
    if (place >= 0) {
      logits[offset + place] = Float.NEGATIVE_INFINITY;
    }
    float product =
        Reductions.dot(a.data(), a.row(row), parameters, weight.offset() + target * units, units);
    double own = product + parameters[bias.offset() + target] - candidates.logChance(target);
    float most = Math.max((float) own, Reductions.max(logits, offset, count));
    double others = Reductions.replaceByExp(logits, offset, count, most);
    double sum = others + StrictMath.exp(own - most);
    Rows.scale(logits, offset, count, (float) (scale / sum));
    ofTargets[row] = (float) (-scale * (others / sum));
    return most + StrictMath.log(sum) - own;
  }

  private void scatter(Candidates candidates, float[] all, Workers workers) {
    int biases = candidates.size() * units;
    workers.run(
        candidates.size(),
        16,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int token = candidates.token(i);
            Rows.add(gradients, i * units, all, weight.offset() + token * units, units);
            all[bias.offset() + token] += gradients[biases + i];
          }
        });
  }

  /** The targets' share, rows in ascending order; threads share out the columns. */
  private void addTargets(
      float[] parameters, Matrix a, int[] targets, TokenHead.Gradients into, Workers workers) {
    Matrix da = into.inputs();
    float[] all = into.parameters();
    workers.run(
        units,
        16,
        (from, to) -> {
          for (int row = 0; row < a.rows(); row++) {
            float each = ofTargets[row];
            int at = weight.offset() + targets[row] * units + from;
            Rows.addScaled(each, parameters, at, da.data(), da.row(row) + from, to - from);
            Rows.addScaled(each, a.data(), a.row(row) + from, all, at, to - from);
          }
        });
    for (int row = 0; row < a.rows(); row++) {
      all[bias.offset() + targets[row]] += ofTargets[row];
    }
  }

  /** Returns one for so many candidates: the same, if it is that already. */
  static SampledSoftmax of(
      @Nullable SampledSoftmax known, Slice weight, Slice bias, int candidates) {
    return known != null && known.candidates() == candidates
        ? known
        : new SampledSoftmax(weight, bias, candidates);
  }
}
