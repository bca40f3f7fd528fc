package dev.unroll.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Workers;
import dev.unroll.cell.Cell;
import dev.unroll.data.Reading;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import dev.unroll.task.lm.Evaluator;
import dev.unroll.task.lm.LanguageLearner;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.train.Schedule;
import dev.unroll.train.TinyText;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingException;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.Validation;
import dev.unroll.train.optimizer.Adam;
import dev.unroll.train.optimizer.Sgd;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainerTest {

  private static final TinyText TEXT = TinyText.sample();

  private static final class Log implements TrainingListener {
    final List<StepReport> steps = new ArrayList<>();
    final List<StepReport> skipped = new ArrayList<>();
    final List<ValidationReport> validations = new ArrayList<>();

    @Override
    public void onStep(StepReport report) {
      steps.add(report);
    }

    @Override
    public void onSkipped(StepReport report) {
      skipped.add(report);
    }

    @Override
    public void onValidation(ValidationReport report) {
      validations.add(report);
    }
  }

  private static Trainer.Outcome run(Network description, Training options, Log log) {
    var network = new LanguageNetwork(description, TEXT.tokenizer().size());
    return new Trainer(learner(network, options), options, Workers.single(), log).run();
  }

  private static Learner learner(LanguageNetwork network, Training options) {
    return new LanguageLearner(network, TEXT.part(0, 36), TEXT.part(36, 40), options);
  }

  static List<Cell> cells() {
    return Cells.ALL;
  }

  @ParameterizedTest
  @MethodSource("cells")
  void everyCellLearnsAnEasyText(Cell cell) {
    var options =
        Training.defaults()
            .withOptimizer(new Adam(0.01))
            .withEpochs(40)
            .withBatch(4, 50)
            .withReading(Reading.SENTENCES);
    var outcome = run(Network.of(cell, 32), options, new Log());
    assertThat(outcome.loss()).as("nats per character").isLessThan(0.9);
  }

  @Test
  void aStreamLearnsTooAndCarriesItsState() {
    var options = Training.defaults().withOptimizer(new Adam(0.01)).withEpochs(40).withBatch(3, 10);
    assertThat(run(Network.lstm(32), options, new Log()).loss()).isLessThan(1.2);
  }

  @Test
  void warmupAndClippingAreReported() {
    var log = new Log();
    var options =
        Training.defaults()
            .withOptimizer(new Sgd(0.5, 0))
            .withSchedule(new Schedule.Constant(), 10)
            .withEpochs(1)
            .withBatch(2, 8)
            .withClipping(0.01, 0);
    run(Network.lstm(8), options, log);
    assertThat(log.steps.get(0).rate()).isEqualTo(0.05);
    assertThat(log.steps.get(4).rate()).isEqualTo(0.25);
    assertThat(log.steps.get(20).rate()).isEqualTo(0.5);
    assertThat(log.steps.get(0).gradientNorm()).isGreaterThan(0.01);
  }

  /** One step of plain SGD at rate 1: the parameters change by the clipped gradient. */
  private static double[] change(double clipNorm, double clipValue) {
    var options =
        Training.defaults()
            .withOptimizer(new Sgd(1, 0))
            .withSchedule(new Schedule.Constant(), 0)
            .withEpochs(1)
            .withBatch(1000, 1000)
            .withClipping(clipNorm, clipValue);
    float[] after = run(Network.lstm(8), options, new Log()).parameters();
    var network = new LanguageNetwork(Network.lstm(8), TEXT.tokenizer().size());
    float[] before = network.initialize(options.seed());
    double[] change = new double[after.length];
    for (int i = 0; i < change.length; i++) {
      change[i] = before[i] - after[i];
    }
    return change;
  }

  private static double norm(double[] values) {
    return Math.sqrt(java.util.Arrays.stream(values).map(v -> v * v).sum());
  }

  @Test
  void clippingByNormByValueAndByBoth() {
    double[] whole = change(0, 0);
    assertThat(norm(change(0.01, 0))).isCloseTo(0.01, within(1e-6));
    double bound = java.util.Arrays.stream(whole).map(Math::abs).max().orElseThrow() / 10;
    double[] clamped = change(0, bound);
    for (int i = 0; i < whole.length; i++) {
      double wanted = Math.max(-bound, Math.min(bound, whole[i]));
      assertThat(clamped[i]).isCloseTo(wanted, within(1e-6));
    }
    double target = norm(clamped) / 2;
    double[] both = change(target, bound);
    assertThat(norm(both)).isCloseTo(target, within(1e-6));
    for (int i = 0; i < whole.length; i++) {
      assertThat(both[i]).isCloseTo(clamped[i] / 2, within(1e-6));
    }
  }

  @Test
  void patienceEndsTrainingAndTheBestIsKept() {
    var log = new Log();
    var options =
        Training.defaults()
            .withOptimizer(new Adam(0.05))
            .withSchedule(new Schedule.Constant(), 0)
            .withEpochs(200)
            .withBatch(4, 20)
            .withValidation(0, 3);
    var outcome = run(Network.lstm(24), options, log);
    assertThat(outcome.stoppedEarly()).isTrue();
    int last = log.validations.size();
    assertThat(log.validations.subList(last - 3, last)).noneMatch(report -> report.improved());
    double best = log.validations.stream().mapToDouble(report -> report.loss()).min().orElseThrow();
    assertThat(outcome.loss()).isEqualTo(best);
    var network = new LanguageNetwork(Network.lstm(24), TEXT.tokenizer().size());
    var weights = network.pack(outcome.parameters(), Workers.single());
    var evaluator = new Evaluator(network, options.batchPlan().validation(TEXT.part(36, 40)));
    assertThat(evaluator.meanLoss(weights, Workers.single())).isEqualTo(best);
  }

  @Test
  void plateausLowerTheRate() {
    var log = new Log();
    var options =
        Training.defaults()
            .withOptimizer(new Adam(0.05))
            .withSchedule(new Schedule.Plateau(0.5, 1), 0)
            .withEpochs(40)
            .withBatch(4, 20)
            .withValidation(0, 0);
    run(Network.lstm(24), options, log);
    long misses = log.validations.stream().filter(report -> !report.improved()).count();
    boolean lastMissed = !log.validations.get(log.validations.size() - 1).improved();
    double expected = 0.05 * Math.pow(0.5, misses - (lastMissed ? 1 : 0));
    assertThat(log.steps.get(log.steps.size() - 1).rate()).isEqualTo(expected);
    assertThat(misses).isPositive();
  }

  @Test
  void valuesThatAreNotFiniteAreNeverAppliedAndEndInAdvice() {
    var log = new Log();
    var options =
        Training.defaults()
            .withOptimizer(new Sgd(1000, 0.9))
            .withSchedule(new Schedule.Constant(), 0)
            .withEpochs(100)
            .withBatch(4, 20)
            .withClipping(0, 0)
            .withValidation(1, 0);
    assertThatThrownBy(() -> run(Network.of(Cells.of("rnn-relu"), 24), options, log))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("diverged")
        .hasMessageContaining("Lower the learning rate");
    assertThat(log.skipped).hasSizeGreaterThanOrEqualTo(Steps.MAX_SKIPPED);
    assertThat(log.steps).allMatch(report -> Double.isFinite(report.gradientNorm()));
  }

  /** Saturated units hide it from the loss. */
  @Test
  void aRunWhoseParametersAreNotFiniteHasDiverged() {
    var log = new Log();
    var learner =
        new Learner() {
          @Override
          public float[] initialize(long seed) {
            return new float[] {0, 0, Float.POSITIVE_INFINITY};
          }

          @Override
          public int batches(int epoch) {
            return 1;
          }

          @Override
          public Loss lossAndGradient(
              float[] parameters, Step step, float[] gradients, Workers workers) {
            return new Loss(1, 1);
          }

          @Override
          public Validation validate(float[] parameters, Workers workers) {
            return new Validation(1, null);
          }
        };
    var options = Training.defaults().withEpochs(1);
    try (var workers = new Workers(1)) {
      assertThatThrownBy(() -> new Trainer(learner, options, workers, log).run())
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining("after step 1 a parameter is not a finite number");
    }
    assertThat(log.validations).isEmpty();
  }

  @Test
  void aRunWhoseValidationIsNeverFiniteFailsAndHasNoBest() {
    var options =
        Training.defaults()
            .withOptimizer(new Sgd(1000, 0))
            .withSchedule(new Schedule.Constant(), 0)
            .withEpochs(1)
            .withBatch(2, 150)
            .withClipping(0, 0);
    var network = Network.of(Cells.of("rnn-relu"), 24, 24, 24);
    assertThatThrownBy(() -> run(network, options, new Log()))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("there is no good model yet")
        .satisfies(e -> assertThat(((TrainingException) e).best()).isNull());
  }

  @Test
  void aSkippedStepChangesNothing() {
    var options =
        Training.defaults()
            .withOptimizer(new Sgd(1000, 0.9))
            .withSchedule(new Schedule.Constant(), 0)
            .withEpochs(100)
            .withBatch(4, 20)
            .withClipping(0, 0)
            .withValidation(1, 0);
    var best = new ArrayList<float[]>();
    var listener =
        new TrainingListener() {
          @Override
          public void onImproved(float[] parameters, ValidationReport report) {
            best.add(parameters.clone());
          }
        };
    var network =
        new LanguageNetwork(Network.of(Cells.of("rnn-relu"), 24), TEXT.tokenizer().size());
    var trainer = new Trainer(learner(network, options), options, Workers.single(), listener);
    assertThatThrownBy(trainer::run)
        .satisfies(
            e -> {
              float[] kept = ((TrainingException) e).best();
              assertThat(kept).isEqualTo(best.get(best.size() - 1));
              for (float value : kept) {
                assertThat(value).isFinite();
              }
            });
  }
}
