package dev.unroll.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Workers;
import dev.unroll.learn.Trainer;
import dev.unroll.train.optimizer.Sgd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * Averaged SGD that a validation triggers (Merity et al. 2018, algorithm 1, in the form of their
 * program: {@code len(logs) > n and v > min(logs[:-n])}), against plain means.
 */
class AveragingTest {

  /** Steps between two validations. */
  private static final int INTERVAL = 2;

  private static final double RATE = 0.1;

  /** A run, and after which steps averaging began. */
  private record Run(ScriptedLearner learner, List<Long> began, Trainer.Outcome outcome) {}

  private static Run run(int after, int patience, double... validations) {
    var learner = new ScriptedLearner(3, INTERVAL * validations.length, n -> 1, validations);
    var options =
        Training.defaults()
            .withOptimizer(new Sgd(RATE, 0))
            .withSchedule(new Schedule.Constant(), 0)
            .withClipping(0, 0)
            .withEpochs(1)
            .withValidation(INTERVAL, patience)
            .withAveraging(after);
    var began = new ArrayList<Long>();
    var listener =
        new TrainingListener() {
          @Override
          public void onAveraging(long step) {
            began.add(step);
          }
        };
    var outcome = new Trainer(learner, options, Workers.single(), listener).run();
    return new Run(learner, began, outcome);
  }

  /** Returns the number of the validation that begins averaging; that of them all for none. */
  private static int trigger(int after, double... validations) {
    for (int t = after + 1; t < validations.length; t++) {
      double[] old = Arrays.copyOf(validations, t - after);
      if (validations[t] > Arrays.stream(old).min().orElseThrow()) {
        return t;
      }
    }
    return validations.length;
  }

  /** Returns the parameters after some steps of plain SGD. */
  private static double parameter(int i, int steps) {
    double theta = new ScriptedLearner(3, 1, n -> 1).initialize(1)[i];
    for (int number = 0; number < steps; number++) {
      theta -= RATE * ScriptedLearner.gradient(number, i);
    }
    return theta;
  }

  /** Returns (Σ_{T ≤ k ≤ steps} w⟨k⟩) / (steps - T + 1). */
  private static double mean(int i, int from, int steps) {
    double sum = 0;
    for (int k = from; k <= steps; k++) {
      sum += parameter(i, k);
    }
    return sum / (steps - from + 1);
  }

  @Provide
  Arbitrary<double[]> losses() {
    return Arbitraries.of(1.0, 2.0, 3.0, 4.0, 5.0).array(double[].class).ofMinSize(1).ofMaxSize(12);
  }

  @Property(tries = 300)
  void aLossWorseThanTheBestOfThoseLongBeforeBeginsTheMeanThatIsJudged(
      @ForAll("losses") double[] validations, @ForAll @IntRange(min = 1, max = 5) int after) {
    var run = run(after, 0, validations);
    int trigger = trigger(after, validations);
    long step = (trigger + 1L) * INTERVAL;
    assertThat(run.began).isEqualTo(trigger < validations.length ? List.of(step) : List.of());
    assertThat(run.learner.judged).hasSize(validations.length);
    for (int v = 0; v < validations.length; v++) {
      int steps = (v + 1) * INTERVAL;
      for (int i = 0; i < 3; i++) {
        double wanted = v <= trigger ? parameter(i, steps) : mean(i, (int) step, steps);
        assertThat((double) run.learner.judged.get(v)[i]).isCloseTo(wanted, within(1e-5));
      }
    }
    double least = Arrays.stream(validations).min().orElseThrow();
    int best = 0;
    while (validations[best] > least) {
      best++;
    }
    assertThat(run.outcome.loss()).isEqualTo(least);
    assertThat(run.outcome.parameters()).isEqualTo(run.learner.judged.get(best));
  }

  @Property(tries = 200)
  void patienceCountsFromThenOn(
      @ForAll("losses") double[] validations,
      @ForAll @IntRange(min = 1, max = 4) int after,
      @ForAll @IntRange(min = 1, max = 3) int patience) {
    int trigger = trigger(after, validations);
    int last = validations.length - 1;
    int waiting = 0;
    double best = Arrays.stream(validations).limit(trigger + 1L).min().orElseThrow();
    for (int v = trigger + 1; v <= last; v++) {
      waiting = validations[v] < best ? 0 : waiting + 1;
      best = Math.min(best, validations[v]);
      if (waiting == patience) {
        last = v;
      }
    }
    var run = run(after, patience, validations);
    assertThat(run.learner.judged).hasSize(last + 1);
    assertThat(run.outcome.stoppedEarly()).isEqualTo(waiting == patience);
  }

  @Example
  void theTrainedParametersGoOnAsIfNothingWereAveraged() {
    var run = run(1, 0, 1, 2, 3, 4, 5);
    assertThat(run.began).isNotEmpty();
    for (int step = 0; step < run.learner.begun.size(); step++) {
      assertThat((double) run.learner.begun.get(step)[1])
          .isCloseTo(parameter(1, step), within(1e-5));
    }
  }

  /** One overflow early on must not keep averaging, and patience with it, off for ever. */
  @Example
  void aLossThatIsNoNumberIsNeverTheBest() {
    var run = run(1, 2, 3, Double.NaN, 2, 4, 4, 4, 4, 4);
    assertThat(run.began).containsExactly(4L * INTERVAL);
    assertThat(run.outcome.stoppedEarly()).isTrue();
  }
}
