package dev.unroll.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.learn.Checkpoints;
import dev.unroll.learn.Learner;
import dev.unroll.learn.Trainer;
import dev.unroll.network.Network;
import dev.unroll.task.lm.LanguageLearner;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.train.optimizer.Adam;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that resumes with more or fewer epochs is the run that had them from the beginning. */
class OtherEpochsTest {

  private static final TinyText TEXT = TinyText.sample();

  @TempDir Path folder;

  private static final class Stop extends Error {
    private static final long serialVersionUID = 1L;
  }

  private record StopAt(long step) implements TrainingListener {
    @Override
    public void onStep(StepReport report) {
      if (report.step() == step) {
        throw new Stop();
      }
    }
  }

  private static Training training(Schedule schedule, int epochs, int validateEvery) {
    return Training.defaults()
        .withOptimizer(new Adam(0.02))
        .withSchedule(schedule, 2)
        .withEpochs(epochs)
        .withBatch(5, 20)
        .withValidation(validateEvery, 0);
  }

  private static Learner learner(Training options) {
    var network = new LanguageNetwork(Network.lstm(7), TEXT.tokenizer().size());
    return new LanguageLearner(network, TEXT.part(0, 36), TEXT.part(36, 40), options);
  }

  private Trainer.Outcome kept(Learner learner, Training options, TrainingListener listener) {
    var identity = new LinkedHashMap<String, String>();
    options.describe().forEach((name, value) -> identity.put(name, value.toString()));
    var everyStep = new Checkpoints.Interval(1, Duration.ZERO);
    try (var checkpoints = Checkpoints.open(folder, everyStep, () -> 0)) {
      return new Trainer(learner, options, Workers.single(), listener)
          .run(new Trainer.Checkpointing(checkpoints, Map.copyOf(identity)));
    }
  }

  private void stop(Training options, long step) {
    var listener = new StopAt(step + 1); // a step is kept after its listener
    assertThatThrownBy(() -> kept(learner(options), options, listener)).isInstanceOf(Stop.class);
  }

  private static Schedule schedule(String name) {
    return switch (name) {
      case "constant" -> new Schedule.Constant();
      case "plateau" -> new Schedule.Plateau(0.5, 1);
      case "step" -> new Schedule.Step(0.5, 1, 1);
      case "cosine" -> new Schedule.Cosine(0.1);
      default -> new Schedule.OneCycle(0.3, 0.1, 0.01);
    };
  }

  /** Stopped within an epoch, and at the end of one that becomes the last. */
  @ParameterizedTest
  @CsvSource({
    "constant, 3, 5, 1, 0",
    "plateau, 3, 5, 2, 2",
    "step, 5, 3, 1, 3",
    "constant, 5, 2, 0, 0",
    "plateau, 5, 2, 0, 3",
  })
  void endsInTheBitsOfTheRunThatHadThem(
      String name, int before, int then, int inEpoch, int validateEvery) {
    Schedule schedule = schedule(name);
    Training first = training(schedule, before, validateEvery);
    Training other = training(schedule, then, validateEvery);
    long steps = learner(first).batches(0);
    assertThat(steps).isGreaterThan(2);
    stop(first, inEpoch == 0 ? then * steps : steps + inEpoch);
    var resumed = kept(learner(other), other, TrainingListener.NONE);
    var whole = new Trainer(learner(other), other, Workers.single(), TrainingListener.NONE).run();
    assertThat(resumed.steps()).isEqualTo(whole.steps()).isEqualTo(then * steps);
    assertThat(resumed.loss()).isEqualTo(whole.loss());
    assertThat(resumed.parameters()).isEqualTo(whole.parameters());
  }

  @ParameterizedTest
  @CsvSource({"cosine, 3", "one-cycle, 9"})
  void aScheduleOverAllEpochsKeepsThem(String name, int then) {
    Training first = training(schedule(name), 5, 0);
    stop(first, 2);
    Training other = first.withEpochs(then);
    assertThatThrownBy(() -> kept(learner(other), other, TrainingListener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("epochs is " + then + " now, but was 5 when the run began")
        .hasMessageContaining("The learning rate follows a schedule over all epochs")
        .hasMessageContaining("further with from");
    assertThat(kept(learner(first), first, TrainingListener.NONE).steps()).isPositive();
  }

  @Test
  void aRunIsNotShortenedBelowWhatItHas() {
    Training first = training(new Schedule.Constant(), 5, 0);
    stop(first, 2L * learner(first).batches(0) + 1);
    Training other = first.withEpochs(2);
    assertThatThrownBy(() -> kept(learner(other), other, TrainingListener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is in epoch 3 already, of 5")
        .hasMessageContaining("Resume with epochs(3) or more");
  }
}
