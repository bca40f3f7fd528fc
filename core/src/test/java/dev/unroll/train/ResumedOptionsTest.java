package dev.unroll.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.Workers;
import dev.unroll.data.Reading;
import dev.unroll.learn.Checkpoints;
import dev.unroll.learn.Learner;
import dev.unroll.learn.Trainer;
import dev.unroll.network.Dropouts;
import dev.unroll.network.Network;
import dev.unroll.task.lm.LanguageLearner;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.train.optimizer.Adam;
import dev.unroll.train.optimizer.Sgd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each option on its own: a run that is killed every few steps, and resumes each time on another
 * number of threads, tells of the same steps and validations and ends in the same bits as one that
 * never was.
 */
class ResumedOptionsTest {

  private static final TinyText TEXT = TinyText.sample();
  private static final Map<String, String> IDENTITY = Map.of("seed", "1");

  @TempDir Path folder;

  private record Case(String name, Network network, Training options) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final class Stop extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Writes down what a run tells; what it tells twice must be the same. Kills it in time. */
  private static final class Account implements TrainingListener {
    final Map<Long, StepReport> steps = new TreeMap<>();
    final Map<Long, StepReport> skipped = new TreeMap<>();
    final Map<Long, ValidationReport> validations = new TreeMap<>();
    final List<Long> resumed = new ArrayList<>();

    /** After which step averaging began; 0 for never. */
    long averaging;

    /** Steps that are made yet; the last is killed before it is kept. */
    int left;

    @Override
    public void onStep(StepReport report) {
      tell(steps, report.step(), report);
      stopInTime();
    }

    @Override
    public void onSkipped(StepReport report) {
      tell(skipped, report.step(), report);
      stopInTime();
    }

    private void stopInTime() {
      left--;
      if (left == 0) {
        throw new Stop();
      }
    }

    @Override
    public void onValidation(ValidationReport report) {
      tell(validations, report.step(), report);
    }

    @Override
    public void onAveraging(long step) {
      averaging = step;
    }

    @Override
    public void onResumed(long step) {
      resumed.add(step);
    }

    private static <T> void tell(Map<Long, T> reports, long step, T report) {
      T before = reports.put(step, report);
      assertThat(before == null ? report : before).isEqualTo(report);
    }
  }

  private static Network lstm() {
    return Network.lstm(7, 7);
  }

  private static Training usual() {
    return Training.defaults()
        .withOptimizer(new Adam(0.02))
        .withEpochs(3)
        .withBatch(9, 20)
        .withValidation(2, 0);
  }

  private static Training local(int steps) {
    return usual().withSharding(Sharding.NONE.withLocalSteps(steps));
  }

  private static Training sgd() {
    return usual()
        .withOptimizer(new Sgd(5, 0))
        .withSchedule(new Schedule.Constant(), 0)
        .withClipping(0.5, 0);
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("layer normalization", lstm().withLayerNormalization(true), usual()),
        new Case("projection", lstm().withProjection(4), usual()),
        new Case("adaptive softmax", lstm().withAdaptiveSoftmax(4, 12), usual()),
        new Case("tied embeddings", lstm().withTied(true), usual()),
        new Case("learned start", lstm().withLearnedStart(true), usual()),
        new Case("residual", lstm().withResidual(true), usual()),
        new Case("GRU", Network.gru(7, 5), usual()),
        new Case("zoneout", noisy(new Dropouts(0, 0, 0, 0, 0, 0.2, 0.3, false)), usual()),
        new Case("DropConnect", noisy(new Dropouts(0, 0, 0, 0, 0.3, 0, 0, false)), usual()),
        new Case("word dropout", noisy(new Dropouts(0, 0, 0, 0.3, 0, 0, 0, false)), usual()),
        new Case("variational", noisy(new Dropouts(0.2, 0.2, 0.2, 0, 0, 0, 0, true)), usual()),
        new Case("dropout", noisy(Dropouts.of(0.2, 0.2, 0.2)), usual().withAccumulation(3)),
        new Case("penalties", lstm(), usual().withObjective(new Objective(0.1, 2, 1))),
        new Case("sentences", lstm(), usual().withReading(Reading.SENTENCES)),
        new Case("drawn lengths", lstm(), usual().withRandomSteps(true)),
        new Case("resets", lstm().withLearnedStart(true), usual().withResets(0.3)),
        new Case("drawn, accumulated", lstm(), usual().withRandomSteps(true).withAccumulation(2)),
        new Case("averaged SGD", lstm(), sgd().withAveraging(1)),
        new Case(
            "averaged SGD, patience",
            lstm(),
            sgd().withEpochs(9).withAveraging(1).withValidation(2, 2)),
        new Case(
            "plateaus",
            lstm(),
            sgd().withSchedule(new Schedule.Plateau(0.5, 2), 0).withEpochs(5).withValidation(1, 0)),
        new Case("patience", lstm(), sgd().withEpochs(9).withValidation(2, 3)),
        new Case("one cycle", lstm(), usual().withSchedule(new Schedule.OneCycle(0.3, 0.1, 0), 4)),
        new Case("AdamW", lstm(), usual().withWeightDecay(new WeightDecay(0.1, true))),
        new Case("shards", noisy(Dropouts.of(0.2, 0.2, 0.2)), usual().withShards(4)),
        new Case(
            "shards, accumulated",
            lstm().withLearnedStart(true),
            usual().withShards(3).withAccumulation(2).withResets(0.3)),
        new Case(
            "shards of sentences", lstm(), usual().withShards(9).withReading(Reading.SENTENCES)),
        new Case("local steps", noisy(Dropouts.of(0.2, 0.2, 0.2)), local(3).withShards(4)),
        new Case(
            "local steps, drawn",
            lstm().withLearnedStart(true),
            local(2).withShards(3).withAccumulation(2).withRandomSteps(true).withValidation(3, 0)),
        new Case(
            "local steps, averaged",
            lstm(),
            local(2).withShards(2).withOptimizer(new Sgd(5, 0.5)).withAveraging(1)),
        new Case("steps held", lstm(), usual().withCheckpointSteps(7)));
  }

  private static Network noisy(Dropouts dropouts) {
    return lstm().withDropouts(dropouts);
  }

  private static Learner learner(Case made, int threads) {
    var network = new LanguageNetwork(made.network, TEXT.tokenizer().size());
    var options = made.options.withThreads(threads);
    return new LanguageLearner(network, TEXT.part(0, 36), TEXT.part(36, 40), options);
  }

  private static Trainer.Outcome run(Learner learner, Training options, Account account) {
    return new Trainer(learner, options, Workers.single(), account).run();
  }

  /** Kills a run after every {@code steps} steps until it comes to its end. */
  private Trainer.Outcome killed(Case made, int interval, int steps, Account account) {
    for (int time = 0; true; time++) {
      int threads = 1 + time % 3;
      var kept = new Checkpoints.Interval(interval, Duration.ZERO);
      try (var workers = new Workers(threads);
          var checkpoints = Checkpoints.open(folder.resolve("every" + interval), kept, () -> 0)) {
        account.left = steps;
        var options = made.options.withThreads(threads);
        return new Trainer(learner(made, threads), options, workers, account)
            .run(new Trainer.Checkpointing(checkpoints, IDENTITY));
      } catch (Stop stopped) {
        assertThat(account.resumed).hasSizeLessThan(500);
      }
    }
  }

  private static void assertSame(
      Account account, Trainer.Outcome resumed, Account told, Trainer.Outcome whole) {
    assertThat(account.steps).isEqualTo(told.steps);
    assertThat(account.skipped).isEqualTo(told.skipped);
    assertThat(account.validations).isEqualTo(told.validations);
    assertThat(account.averaging).isEqualTo(told.averaging);
    assertThat(resumed.parameters()).isEqualTo(whole.parameters());
    assertThat(resumed.loss()).isEqualTo(whole.loss());
    assertThat(resumed.steps()).isEqualTo(whole.steps());
    assertThat(resumed.skipped()).isEqualTo(whole.skipped());
    assertThat(resumed.stoppedEarly()).isEqualTo(whole.stoppedEarly());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aRunThatIsKilledAgainAndAgainIsTheSameRun(Case made) {
    var told = new Account();
    var whole = run(learner(made, 1), made.options.withThreads(1), told);
    assertThat(told.averaging > 0).isEqualTo(made.options.averageAfter() > 0);
    assertThat(whole.stoppedEarly()).isEqualTo(made.options.patience() > 0);
    if (made.options.schedule() instanceof Schedule.Plateau) {
      double last = told.steps.get(whole.steps()).rate();
      assertThat(last).isLessThan(made.options.optimizer().rate() / 2);
    }
    for (int interval : new int[] {1, 2}) { // the step or two after the last one kept are lost
      var account = new Account();
      var resumed = killed(made, interval, 3 + interval, account);
      assertThat(account.resumed).isNotEmpty().doesNotHaveDuplicates();
      assertSame(account, resumed, told, whole);
    }
  }

  /** Skipped steps count on, and no moment moves in them. */
  @Test
  void stepsThatAreSkippedAreSkippedAgain() {
    var options = sgd().withOptimizer(new Adam(0.02)).withEpochs(2);
    var kept = new Checkpoints.Interval(1, Duration.ZERO);
    var told = new Account();
    var whole = run(failing(), options, told);
    var account = new Account();
    while (true) {
      try (var checkpoints = Checkpoints.open(folder, kept, () -> 0)) {
        account.left = 2;
        var resumed =
            new Trainer(failing(), options, Workers.single(), account)
                .run(new Trainer.Checkpointing(checkpoints, IDENTITY));
        assertThat(whole.skipped()).isEqualTo(8);
        assertSame(account, resumed, told, whole);
        return;
      } catch (Stop stopped) {
        assertThat(account.resumed).hasSizeLessThan(30);
      }
    }
  }

  private static Learner failing() {
    return new ScriptedLearner(3, 10, n -> n % 10 > 5 ? Double.NaN : 1, 1);
  }

  /** A run that resumes after four failures gives up at the fifth, as it would have. */
  @Test
  void failuresInARowCountOn() {
    var options = sgd().withEpochs(2).withValidation(20, 0);
    var kept = new Checkpoints.Interval(1, Duration.ZERO);
    var account = new Account();
    for (int step = 1; step <= 4; step++) {
      try (var checkpoints = Checkpoints.open(folder, kept, () -> 0)) {
        account.left = 2;
        var learner = new ScriptedLearner(3, 10, n -> Double.NaN, 1);
        var trainer = new Trainer(learner, options, Workers.single(), account);
        assertThatThrownBy(() -> trainer.run(new Trainer.Checkpointing(checkpoints, IDENTITY)))
            .isInstanceOf(Stop.class);
      }
    }
    try (var checkpoints = Checkpoints.open(folder, kept, () -> 0)) {
      account.left = 20;
      var learner = new ScriptedLearner(3, 10, n -> Double.NaN, 1);
      var trainer = new Trainer(learner, options, Workers.single(), account);
      assertThatThrownBy(() -> trainer.run(new Trainer.Checkpointing(checkpoints, IDENTITY)))
          .isInstanceOf(TrainingException.class);
      assertThat(account.skipped).hasSize(5);
    }
  }
}
