package dev.unroll.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.data.Reading;
import dev.unroll.learn.Checkpoints;
import dev.unroll.learn.Trainer;
import dev.unroll.network.Dropouts;
import dev.unroll.network.Network;
import dev.unroll.store.StateFile;
import dev.unroll.task.lm.LanguageLearner;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.train.optimizer.Adagrad;
import dev.unroll.train.optimizer.Adam;
import dev.unroll.train.optimizer.RmsProp;
import dev.unroll.train.optimizer.Sgd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that is stopped and resumed ends in the same bits, with any option. */
class ResumeTest {

  private static final TinyText TEXT = TinyText.sample();
  private static final Checkpoints.Interval EVERY_STEP = new Checkpoints.Interval(1, Duration.ZERO);
  private static final Checkpoints.Changeable NOTHING = new Checkpoints.Changeable("", "");
  private static final Map<String, String> IDENTITY = Map.of("seed", "1");

  @TempDir Path folder;

  private static final class Stop extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Stops the run in the middle of a step, as a kill would. */
  private record StopAt(long step) implements TrainingListener {
    @Override
    public void onStep(StepReport report) {
      if (report.step() == step) {
        throw new Stop();
      }
    }
  }

  @Provide
  Arbitrary<Training> options() {
    var optimizers =
        Arbitraries.of(
            new Adam(0.01),
            new Sgd(0.5, 0),
            new Sgd(0.2, 0.9, true),
            new RmsProp(0.01, 0.9, 1e-8, 0.5),
            new Adagrad(0.05, 1e-10));
    var decays =
        Arbitraries.of(
            WeightDecay.NONE, new WeightDecay(0.01, true), new WeightDecay(0.001, false));
    var schedules =
        Arbitraries.of(
            new Schedule.Constant(),
            new Schedule.Plateau(0.5, 1),
            new Schedule.Step(0.5, 1, 1),
            new Schedule.Cosine(0.1),
            new Schedule.OneCycle(0.3, 0.04, 0.001));
    var common =
        Combinators.combine(optimizers, decays, schedules)
            .as(
                (optimizer, decay, schedule) ->
                    Training.defaults()
                        .withOptimizer(optimizer)
                        .withWeightDecay(decay)
                        .withSchedule(schedule, 2)
                        .withEpochs(3)
                        .withValidation(3, 0)
                        .withObjective(new Objective(0.1, 1, 1)));
    return Combinators.combine(
            common,
            Arbitraries.of(Reading.values()),
            Arbitraries.of(1, 3),
            Arbitraries.of(0, 1),
            Arbitraries.of(true, false))
        .as(
            (training, reading, accumulate, averageAfter, drawn) ->
                training
                    .withReading(reading)
                    .withBatch(5, 20)
                    .withAccumulation(accumulate)
                    .withAveraging(averageAfter)
                    .withRandomSteps(drawn && reading == Reading.STREAM));
  }

  private static Trainer.Outcome run(
      Training options, int threads, TrainingListener listener, Checkpoints checkpoints) {
    var network =
        new LanguageNetwork(
            Network.lstm(9, 9)
                .withResidual(true)
                .withLearnedStart(true)
                .withDropouts(new Dropouts(0.1, 0.1, 0.1, 0.1, 0.2, 0.1, 0.2, true)),
            TEXT.tokenizer().size());
    try (var workers = new Workers(threads)) {
      var keeping = checkpoints == null ? null : new Trainer.Checkpointing(checkpoints, IDENTITY);
      var threaded = options.withThreads(threads);
      var learner = new LanguageLearner(network, TEXT.part(0, 36), TEXT.part(36, 40), threaded);
      return new Trainer(learner, threaded, workers, listener).run(keeping);
    }
  }

  @Property(tries = 40)
  void aRunThatIsStoppedTwiceEndsInTheSameBits(
      @ForAll("options") Training options,
      @ForAll @IntRange(min = 1, max = 12) int first,
      @ForAll @IntRange(min = 1, max = 12) int more)
      throws IOException {
    Path place = Files.createTempDirectory("unroll");
    var whole = run(options, 1, TrainingListener.NONE, null);
    int stops = 0;
    for (int stop : new int[] {first, first + more}) {
      try (var checkpoints = open(place)) {
        run(options, 2, new StopAt(stop), checkpoints);
      } catch (Stop stopped) {
        stops++;
      }
    }
    assertThat(stops)
        .isEqualTo((first <= whole.steps() ? 1 : 0) + (first + more <= whole.steps() ? 1 : 0));
    try (var checkpoints = open(place)) {
      var resumed = run(options, 3, TrainingListener.NONE, checkpoints);
      assertThat(resumed.parameters()).isEqualTo(whole.parameters());
      assertThat(resumed.loss()).isEqualTo(whole.loss());
      assertThat(resumed.steps()).isEqualTo(whole.steps());
      checkpoints.clear();
    }
    assertThat(place).doesNotExist();
  }

  private Path stopped(int step) {
    try (var checkpoints = open(folder)) {
      run(small(), 1, new StopAt(step), checkpoints);
    } catch (Stop stop) {
      return folder;
    }
    throw new AssertionError("the run was not stopped");
  }

  private static Checkpoints open(Path place) {
    return Checkpoints.open(place, EVERY_STEP, () -> 0);
  }

  private static Training small() {
    return Training.defaults().withEpochs(2).withBatch(5, 20);
  }

  @Test
  void theLastTwoAreKeptAndOfADamagedOneTheOneBeforeIsTaken() throws IOException {
    stopped(8);
    Path last = folder.resolve("step-0000000007.safetensors");
    Path before = folder.resolve("step-0000000006.safetensors");
    assertThat(files())
        .containsExactlyInAnyOrder("lock", last.getFileName() + "", before.getFileName() + "");
    byte[] good = Files.readAllBytes(last);
    byte[] changed = good.clone();
    changed[good.length / 2] ^= 1;
    byte[] cut = java.util.Arrays.copyOf(good, good.length - 1);
    for (byte[] bad : List.of(changed, cut, new byte[0])) {
      Files.write(last, bad);
      try (var checkpoints = open(folder)) {
        Checkpoints.Latest latest = checkpoints.latest(IDENTITY, NOTHING).orElseThrow();
        assertThat(latest.state().texts()).containsEntry("step", "6");
        assertThat(latest.passedOver()).hasMessageContainingAll(last.toString(), "not whole");
      }
    }
    byte[] older = Files.readAllBytes(before);
    Files.write(before, cut);
    try (var checkpoints = open(folder)) {
      assertThatThrownBy(() -> checkpoints.latest(IDENTITY, NOTHING))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(last.toString());
    }
    Files.write(before, older);
    var told = new ArrayList<String>();
    var listener =
        new TrainingListener() {
          @Override
          public void onPassedOver(InputException problem) {
            told.add(problem.problem());
          }

          @Override
          public void onResumed(long step) {
            told.add("from " + step);
          }
        };
    try (var checkpoints = open(folder)) {
      var resumed = run(small(), 1, listener, checkpoints);
      assertThat(resumed.parameters())
          .isEqualTo(run(small(), 1, TrainingListener.NONE, null).parameters());
    }
    assertThat(told).hasSize(2).last().isEqualTo("from 6");
    assertThat(told.getFirst()).startsWith(last.toString());
  }

  /** The hash of the file is right, but not what it says. */
  @ParameterizedTest
  @CsvSource({
    "step, -1, step is -1",
    "step, x, step is x",
    "epoch, 2, epoch 2",
    "epoch, 99999999999, epoch is 99999999999",
    "nextBatch, 1000, batch 1000",
    "averaged, 1, average has 0 values",
    "lossSum, x, lossSum is x",
    "validations, 1 x, validations is x",
  })
  void aCheckpointThatLiesIsRefused(String name, String value, String what) {
    stopped(3);
    rewrite(state -> state.texts().put(name, value));
    assertNotResumed(what);
  }

  @Test
  void aCheckpointOfOtherSizesOrWithoutFiniteNumbersIsRefused() {
    stopped(3);
    Path last = folder.resolve("step-0000000002.safetensors");
    StateFile good = StateFile.read(last);
    for (String name : good.arrays().keySet()) {
      for (boolean missing : new boolean[] {true, false}) {
        good.write(last);
        rewrite(
            state -> {
              float[] array = state.arrays().remove(name);
              if (!missing) {
                state.arrays().put(name, java.util.Arrays.copyOf(array, array.length + 1));
              }
            });
        assertNotResumed(name.replaceFirst("\\.[ac]$", "")); // a state is named as a whole
      }
    }
    for (String name : List.of("parameters", "best")) {
      good.write(last);
      rewrite(state -> state.arrays().get(name)[3] = Float.NaN);
      assertNotResumed("its " + name + " has a value that is not a finite number");
    }
  }

  private void rewrite(Consumer<StateFile> change) {
    Path last = folder.resolve("step-0000000002.safetensors");
    StateFile read = StateFile.read(last);
    var state =
        new StateFile(new LinkedHashMap<>(read.texts()), new LinkedHashMap<>(read.arrays()));
    change.accept(state);
    state.write(last);
  }

  private void assertNotResumed(String what) {
    try (var checkpoints = open(folder)) {
      assertThatThrownBy(() -> run(small(), 1, TrainingListener.NONE, checkpoints))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(folder + ": the checkpoint is not one of this run: ")
          .hasMessageContaining(what);
    }
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void anotherRunIsKeptOutAndNamed() throws IOException {
    try (var mine = open(folder.resolve("run"))) {
      assertThat(mine.steps()).isEmpty();
      assertThatThrownBy(() -> open(folder.resolve("run")))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("another run is using it");
    }
    open(folder.resolve("run")).close();
  }

  /** A folder that was put out of the way while a run was in it. */
  @Test
  void aRunLetsOthersInAlsoWhereItsFolderCannotBeListed() throws IOException {
    Path moved = folder.resolve("moved");
    try (var mine = open(folder.resolve("run"))) {
      assertThat(mine.steps()).isEmpty();
      Files.move(folder.resolve("run"), moved);
      Files.writeString(folder.resolve("run"), "a file in its place");
    }
    assertThat(folder.resolve("run")).isRegularFile();
    open(moved).close();
  }

  @Test
  void theClockDecidesWhenARunIsKept() {
    long[] now = {0};
    var interval = new Checkpoints.Interval(0, Duration.ofSeconds(5));
    try (var checkpoints = Checkpoints.open(folder.resolve("run"), interval, () -> now[0])) {
      assertThat(checkpoints.due(100)).isFalse();
      now[0] = Duration.ofSeconds(5).toNanos();
      assertThat(checkpoints.due(101)).isTrue();
    }
  }

  @Test
  void whatTheRunIsMadeFromMustBeTheSame() {
    stopped(3);
    try (var checkpoints = open(folder)) {
      assertThatThrownBy(() -> checkpoints.latest(Map.of("seed", "2"), NOTHING))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("seed is 2 now, but was 1 when the run began");
    }
  }

  @Test
  void whatAKilledRunDidNotFinishIsCleanedUp() throws IOException {
    stopped(3);
    Path part = folder.resolve("step-0000000003.safetensors.12-3.part");
    Files.writeString(part, "half", StandardOpenOption.CREATE);
    try (var checkpoints = open(folder)) {
      assertThat(part).doesNotExist();
      assertThat(checkpoints.steps()).containsExactly(2L, 1L);
    }
  }

  @Test
  void aCheckpointThatCannotBeWrittenIsToldAndTrainingGoesOn() throws IOException {
    var problems = new ArrayList<InputException>();
    var kept = new AtomicReference<>(0L);
    Path away = folder.resolveSibling(folder.getFileName() + "-away");
    var listener =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            if (report.step() == 3) { // the next checkpoint finds no folder
              move(folder, away);
            }
          }

          @Override
          public void onWriteFailed(InputException problem) {
            problems.add(problem);
            move(away, folder);
          }

          private void move(Path from, Path to) {
            try {
              Files.move(from, to);
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          }

          @Override
          public void onCheckpoint(long step) {
            kept.set(step);
          }
        };
    try (var checkpoints = open(folder)) {
      var outcome = run(small(), 1, listener, checkpoints);
      assertThat(problems).hasSize(1);
      assertThat(problems.getFirst()).hasMessageContaining("does not exist");
      assertThat(kept.get()).isEqualTo(outcome.steps());
    }
  }
}
