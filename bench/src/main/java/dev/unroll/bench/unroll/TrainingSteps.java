package dev.unroll.bench.unroll;

import dev.unroll.base.Workers;
import dev.unroll.kernel.Reductions;
import dev.unroll.learn.Learner;
import dev.unroll.train.optimizer.Optimizer;
import dev.unroll.train.optimizer.Sgd;
import java.util.Arrays;

/** Steps of training, one by one, by plain gradient descent: what Trainer does in each. */
public final class TrainingSteps {

  private static final int UPDATE_GRAIN = 4096;

  private final Learner learner;
  private final float[] parameters;
  private final float[] gradients;
  private final double rate;
  private final Optimizer.Update update;
  private final Workers workers;
  private long number;

  /**
   * Prepares to train.
   *
   * @param parameters first values, which change in place
   */
  public TrainingSteps(Learner learner, float[] parameters, double rate, Workers workers) {
    this.learner = learner;
    this.parameters = parameters;
    this.rate = rate;
    this.workers = workers;
    gradients = new float[parameters.length];
    update = new Sgd(rate, 0).newUpdate(parameters.length);
  }

  /** Makes a step with a batch of the first epoch. */
  public void step(int batch) {
    gradientOf(batch, batch + 1);
    update();
  }

  /** Returns the gradient that was computed last. */
  float[] gradients() {
    return gradients;
  }

  /** Computes the gradient of the mean loss of some batches, and returns that loss. */
  double gradientOf(int from, int to) {
    workers.run(gradients.length, UPDATE_GRAIN, (at, end) -> Arrays.fill(gradients, at, end, 0f));
    var step = Learner.Step.of(1, ++number, 0, from, to);
    double loss = learner.lossAndGradient(parameters, step, gradients, workers).mean();
    learner.settle(true, parameters);
    return loss;
  }

  /** Changes the parameters by the gradient. */
  void update() {
    if (!Double.isFinite(Reductions.norm(gradients, workers))) {
      throw new IllegalStateException("the gradient is not finite");
    }
    var step = new Optimizer.Step(number, rate, 1f);
    workers.run(
        parameters.length,
        UPDATE_GRAIN,
        (from, to) -> update.apply(parameters, gradients, step, from, to));
  }
}
