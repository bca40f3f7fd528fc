package dev.unroll.task.lm;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Rows;
import dev.unroll.layer.Steps;
import dev.unroll.layer.TemporalPenalty;
import dev.unroll.network.NetworkState;
import dev.unroll.stack.RecurrentStack;
import dev.unroll.train.Objective;
import org.jspecify.annotations.Nullable;

/**
 * The penalties on the outputs of the last layer (Merity et al. 2017), of a batch.
 *
 * @param tokens targets of the whole step, of which the batch has a part or all
 * @param steps shape of the whole batch
 */
record Penalties(Objective objective, int tokens, Steps steps) {

  /**
   * Adds the gradients of the penalties to those of the outputs of a part of the batch.
   *
   * @param before the state before the part, or null before the first
   */
  void addGradients(RecurrentStack.Tape tape, @Nullable NetworkState before, Workers workers) {
    Matrix a = tape.output();
    double ofElement = 2.0 / ((double) tokens * a.columns());
    float activation = (float) (objective.activationPenalty() * ofElement);
    if (activation != 0) {
      Matrix da = tape.dOutput();
      workers.run(
          a.rows(),
          16,
          (from, to) -> {
            for (int row = from; row < to; row++) {
              Rows.addScaled(activation, a.data(), a.row(row), da.data(), da.row(row), a.columns());
            }
          });
    }
    long pairs = 0; // of steps that follow one another
    for (int s = 0; s < steps.batch(); s++) {
      pairs += Math.max(0, steps.length(s) - 1);
    }
    double perPair = ofElement * steps.rows() / Math.max(1, pairs);
    tape.penalize(
        new TemporalPenalty((float) (objective.temporalPenalty() * perPair)),
        before == null ? null : before.output());
  }
}
