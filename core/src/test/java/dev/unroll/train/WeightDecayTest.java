package dev.unroll.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Workers;
import dev.unroll.learn.Trainer;
import dev.unroll.train.optimizer.Adagrad;
import dev.unroll.train.optimizer.Adam;
import dev.unroll.train.optimizer.Optimizer;
import dev.unroll.train.optimizer.ReferenceOptimizer;
import dev.unroll.train.optimizer.RmsProp;
import dev.unroll.train.optimizer.Sgd;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The whole update in double precision, as PyTorch does it: {@code clip_grad_norm_} scales the
 * loss's gradient, {@code weight_decay} is added to what is left, and AdamW shrinks the parameters
 * by the scheduled rate before they change. A step that is not finite does none of it.
 */
class WeightDecayTest {

  private static final int PARAMETERS = 5;
  private static final int BATCHES = 40;
  private static final int NOT_FINITE = 4;
  private static final double CLIP = 0.9;
  private static final int WARMUP = 6;

  static Stream<Arguments> optimizersAndDecays() {
    return Stream.of(
            new Sgd(0.05, 0),
            new Sgd(0.05, 0.9),
            new Sgd(0.05, 0.9, true),
            new Adam(0.05, 0.9, 0.99, 1e-8),
            new RmsProp(0.05, 0.95, 1e-6, 0),
            new RmsProp(0.02, 0.95, 1e-6, 0.8),
            new Adagrad(0.1, 1e-10))
        .flatMap(
            optimizer ->
                Stream.of(WeightDecay.NONE, new WeightDecay(0.3, false), new WeightDecay(0.3, true))
                    .map(decay -> Arguments.of(optimizer, decay)));
  }

  @ParameterizedTest
  @MethodSource("optimizersAndDecays")
  void everyOptimizerDecaysWeightsAsPyTorchDoes(Optimizer optimizer, WeightDecay decay) {
    var learner =
        new ScriptedLearner(PARAMETERS, BATCHES, n -> n == NOT_FINITE ? Double.NaN : 1, 1);
    var options =
        Training.defaults()
            .withOptimizer(optimizer)
            .withWeightDecay(decay)
            .withSchedule(new Schedule.Constant(), WARMUP)
            .withClipping(CLIP, 0)
            .withEpochs(1);
    new Trainer(learner, options, Workers.single(), TrainingListener.NONE).run();
    double[][] wanted = wanted(learner.initialize(1), optimizer, decay);
    assertThat(learner.begun).hasSize(BATCHES);
    for (int step = 0; step < BATCHES; step++) {
      for (int i = 0; i < PARAMETERS; i++) {
        assertThat((double) learner.begun.get(step)[i])
            .as("parameter %d before step %d", i, step + 1)
            .isCloseTo(wanted[step][i], within(1e-5));
      }
    }
  }

  /** Returns the parameters before each step. */
  private static double[][] wanted(float[] first, Optimizer optimizer, WeightDecay decay) {
    double[][] before = new double[BATCHES][PARAMETERS];
    double[] theta = new double[PARAMETERS];
    Arrays.setAll(theta, i -> first[i]);
    var references = new ReferenceOptimizer[PARAMETERS];
    Arrays.setAll(references, i -> new ReferenceOptimizer(optimizer));
    for (int step = 0; step < BATCHES; step++) {
      before[step] = theta.clone();
      double norm = 0;
      for (int i = 0; i < PARAMETERS; i++) {
        norm += Math.pow(ScriptedLearner.gradient(step, i), 2);
      }
      double scale = Math.min(1, CLIP / Math.sqrt(norm));
      double rate = optimizer.rate() * Math.min(1, (step + 1.0) / WARMUP);
      for (int i = 0; i < PARAMETERS && step != NOT_FINITE; i++) {
        double g = scale * ScriptedLearner.gradient(step, i);
        if (decay.decoupled()) {
          theta[i] -= rate * decay.value() * theta[i];
        } else {
          g += decay.value() * theta[i];
        }
        theta[i] -= references[i].change(g, rate);
      }
    }
    return before;
  }
}
