package dev.unroll.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.learn.Trainer;
import dev.unroll.train.optimizer.Sgd;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rate of every step of a run, against formulas in the number of the step. */
class ScheduleTest {

  private static final int BATCHES = 10;
  private static final int EPOCHS = 4;
  private static final int STEPS = BATCHES * EPOCHS;
  private static final double RATE = 0.2;

  /** Losses of validations after every two steps. */
  private static final double[] VALIDATIONS = {
    5, 4, 4, 3, 3, 3, 3, 3, 3, 2, 2, Double.NaN, 1, 1, 1.5, 2, 0.5, 0.5, 0.5, 0.5
  };

  /** The share of the rate at a step, counted from 0. */
  @FunctionalInterface
  private interface Formula {
    double at(int step);
  }

  private static Arguments of(Schedule schedule, Formula formula) {
    return Arguments.of(schedule, formula);
  }

  /** Returns the share at a place between 0 and 1 on half a cosine. */
  private static double half(double from, double to, double place) {
    return to + (from - to) * (1 + Math.cos(Math.PI * place)) / 2;
  }

  /** Returns how many runs of {@code patience} validations brought nothing before a step. */
  private static int plateaus(int step, int patience) {
    double best = Double.POSITIVE_INFINITY;
    int waiting = 0;
    int plateaus = 0;
    for (int v = 0; v < step / 2; v++) {
      waiting = VALIDATIONS[v] < best ? 0 : waiting + 1;
      best = VALIDATIONS[v] < best ? VALIDATIONS[v] : best;
      if (waiting == patience) {
        plateaus++;
        waiting = 0;
      }
    }
    return plateaus;
  }

  static Stream<Arguments> schedules() {
    return Stream.of(
        of(new Schedule.Constant(), k -> 1),
        of(new Schedule.Plateau(0.5, 1), k -> Math.pow(0.5, plateaus(k, 1))),
        of(new Schedule.Plateau(0.5, 2), k -> Math.pow(0.5, plateaus(k, 2))),
        of(new Schedule.Plateau(0.7, 3), k -> Math.pow(0.7, plateaus(k, 3))),
        of(new Schedule.Step(0.5, 1, 1), k -> Math.pow(0.5, k / BATCHES)),
        of(new Schedule.Step(0.5, 1, 2), k -> Math.pow(0.5, (k / BATCHES + 1) / 2)),
        of(new Schedule.Cosine(0.05), k -> half(1, 0.05, k / (STEPS - 1.0))),
        of(
            new Schedule.OneCycle(0.3, 0.04, 0.01),
            k ->
                k < 0.3 * (STEPS - 1)
                    ? half(0.04, 1, k / (STEPS - 1.0) / 0.3)
                    : half(1, 0.01, (k / (STEPS - 1.0) - 0.3) / 0.7)),
        of(new Schedule.OneCycle(0, 0.04, 0), k -> half(1, 0, k / (STEPS - 1.0))),
        of(new Schedule.Exponential(0.01, 10), k -> 0.01 * Math.pow(1000, k / (STEPS - 1.0))));
  }

  private static List<Double> rates(Schedule schedule, int warmup) {
    var options =
        Training.defaults()
            .withOptimizer(new Sgd(RATE, 0))
            .withSchedule(schedule, warmup)
            .withEpochs(EPOCHS)
            .withValidation(2, 0);
    var rates = new ArrayList<Double>();
    var listener =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            rates.add(report.rate());
          }
        };
    var learner = new ScriptedLearner(2, BATCHES, n -> 1, VALIDATIONS);
    new Trainer(learner, options, Workers.single(), listener).run();
    return rates;
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void theRateFollowsItsFormulaAndRisesLinearlyAtFirst(Schedule schedule, Formula formula) {
    for (int warmup : new int[] {0, 1, 7}) {
      var rates = rates(schedule, warmup);
      assertThat(rates).hasSize(STEPS);
      for (int k = 0; k < STEPS; k++) {
        double rise = k + 1 < warmup ? (k + 1.0) / warmup : 1;
        assertThat(rates.get(k))
            .as("step %d of %s, warm-up %d", k + 1, schedule, warmup)
            .isCloseTo(RATE * rise * formula.at(k), within(1e-12));
      }
    }
  }

  private static double factor(Schedule schedule, long step, int epoch, int plateaus) {
    return schedule.factor(new Schedule.Moment(step, 101, epoch, plateaus));
  }

  @Test
  void knownPointsOfEachSchedule() {
    var cosine = new Schedule.Cosine(0.1);
    assertThat(factor(cosine, 1, 1, 0)).isCloseTo(1, within(1e-12));
    assertThat(factor(cosine, 51, 1, 0)).isCloseTo(0.55, within(1e-12));
    assertThat(factor(cosine, 101, 1, 0)).isCloseTo(0.1, within(1e-12));
    assertThat(factor(new Schedule.Plateau(0.5, 1), 9, 1, 3)).isEqualTo(0.125);
    assertThat(factor(new Schedule.Constant(), 9, 1, 3)).isEqualTo(1);
    var cycle = new Schedule.OneCycle(0.25, 0.04, 0.001);
    assertThat(factor(cycle, 1, 1, 0)).isCloseTo(0.04, within(1e-12));
    assertThat(factor(cycle, 26, 1, 0)).isCloseTo(1, within(1e-12));
    assertThat(factor(cycle, 101, 1, 0)).isCloseTo(0.001, within(1e-12));
    var sweep = new Schedule.Exponential(0.01, 100);
    assertThat(factor(sweep, 1, 1, 0)).isCloseTo(0.01, within(1e-12));
    assertThat(factor(sweep, 101, 1, 0)).isCloseTo(100, within(1e-9));
  }

  /** Zaremba et al. (2014), medium: 6 epochs at the whole rate, then divided by 1.2 after each. */
  @Test
  void stepsOfTheRate() {
    var zaremba = new Schedule.Step(1 / 1.2, 6, 1);
    assertThat(factor(zaremba, 1, 6, 0)).isEqualTo(1);
    assertThat(factor(zaremba, 1, 7, 0)).isCloseTo(1 / 1.2, within(1e-12));
    assertThat(factor(zaremba, 1, 9, 0)).isCloseTo(Math.pow(1.2, -3), within(1e-12));
    var slow = new Schedule.Step(0.5, 2, 3);
    assertThat(factor(slow, 1, 3, 0)).isEqualTo(0.5);
    assertThat(factor(slow, 1, 5, 0)).isEqualTo(0.5);
    assertThat(factor(slow, 1, 6, 0)).isEqualTo(0.25);
  }

  @Test
  void impossibleValuesAreRefused() {
    assertThatThrownBy(() -> new Schedule.Plateau(1.5, 1)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> Training.defaults().withEpochs(0))
        .hasMessageContaining("epochs is 0")
        .isInstanceOf(InputException.class);
  }
}
