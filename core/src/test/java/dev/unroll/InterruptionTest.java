package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.unroll.base.InputException;
import dev.unroll.learn.Checkpoints;
import dev.unroll.learn.RateSearch;
import dev.unroll.result.Model;
import dev.unroll.store.ModelFile;
import dev.unroll.store.Task;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.tasks.Tasks;
import dev.unroll.train.TrainingInterruptedException;
import dev.unroll.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training that is canceled stops at once, loses nothing and leaves its thread interrupted. */
class InterruptionTest {

  private static final Checkpoints.Interval AT_THE_END =
      new Checkpoints.Interval(1_000, Duration.ZERO);

  @TempDir Path folder;

  static List<Task<?, ?>> tasks() {
    return List.copyOf(Tasks.ALL);
  }

  @AfterEach
  void clearTheFlag() {
    Thread.interrupted();
  }

  /** What a canceled thread has seen. */
  private static final class Canceled implements TrainingListener {
    private final long at;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Long> steps = new ArrayList<>();
    private final List<InputException> problems = new ArrayList<>();
    private @Nullable ModelFile<?> result;
    private @Nullable Throwable thrown;
    private boolean interrupted;

    Canceled(long at) {
      this.at = at;
    }

    @Override
    public void onStep(StepReport report) {
      steps.add(report.step());
      if (report.step() == at) {
        reached.countDown();
        while (!Thread.currentThread().isInterrupted()) {
          Thread.onSpinWait();
        }
      }
    }

    @Override
    public void onWriteFailed(InputException problem) {
      problems.add(problem);
    }

    private void call(Run<?> run) {
      thrown = catchThrowable(() -> result = run.run(this));
      interrupted = Thread.currentThread().isInterrupted();
      ended.countDown();
    }
  }

  /** Runs in an executor, whose future is canceled at a step. */
  private static Canceled cancel(Run<?> run, long at) throws Exception {
    var canceled = new Canceled(at);
    try (var executor = Executors.newSingleThreadExecutor()) {
      var future = executor.submit(() -> canceled.call(run));
      assertThat(canceled.reached.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(future.cancel(true)).isTrue();
      assertThat(canceled.ended.await(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(canceled.interrupted).isTrue();
    assertThat(canceled.problems).isEmpty();
    return canceled;
  }

  private Checkpoints checkpoints() {
    return Checkpoints.open(folder.resolve("run"), AT_THE_END, () -> 0);
  }

  private static long steps(Task<?, ?> task) {
    long[] steps = {0};
    TinyRun.of(task.name(), RunOutput.NOTHING)
        .run(
            new TrainingListener() {
              @Override
              public void onStep(StepReport report) {
                steps[0] = report.step();
              }
            });
    return steps[0];
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void aCanceledRunStopsKeepsItsBestAndResumesToTheSameFile(Task<?, ?> task) throws Exception {
    Path whole = folder.resolve("whole.safetensors");
    TinyRun.of(task.name(), new RunOutput(List.of(), false, whole, null))
        .run(TrainingListener.NONE);
    long last = steps(task);
    long afterValidation = last / 2 + 1;

    Path file = folder.resolve("m.safetensors");
    for (long at : new long[] {1, afterValidation}) {
      try (var checkpoints = checkpoints()) {
        var output = new RunOutput(List.of(), false, file, checkpoints);
        var canceled = cancel(TinyRun.of(task.name(), output), at);
        assertThat(canceled.steps.getLast()).isEqualTo(at);
        assertThat(checkpoints.steps().getFirst()).isEqualTo(at);
        assertThat(canceled.thrown)
            .isInstanceOf(TrainingInterruptedException.class)
            .hasMessageContaining("interrupted after step " + at)
            .hasMessageContaining("resumes from its checkpoint");
        var best = ((TrainingInterruptedException) canceled.thrown).model();
        assertThat(best.isPresent()).isEqualTo(at > 1);
        assertThat(Files.exists(file)).isEqualTo(at > 1);
        if (at > 1) {
          Model kept = Tasks.open(file);
          assertThat(kept.provenance().unfinished()).isTrue();
          assertThat(kept.provenance()).isEqualTo(best.orElseThrow().provenance());
          assertThat(kept.parameters()).isEqualTo(best.orElseThrow().parameters());
        }
      }
    }
    try (var checkpoints = checkpoints()) {
      var output = new RunOutput(List.of(), false, file, checkpoints);
      TinyRun.of(task.name(), output).run(TrainingListener.NONE);
    }
    assertThat(Files.mismatch(file, whole)).isEqualTo(-1);
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void aRunThatIsCanceledInItsLastStepEndsWithItsModel(Task<?, ?> task) throws Exception {
    Path file = folder.resolve("m.safetensors");
    var output = new RunOutput(List.of(), false, file, null);
    var canceled = cancel(TinyRun.of(task.name(), output), steps(task));
    assertThat(canceled.thrown).isNull();
    assertThat(Tasks.open(file).provenance().unfinished()).isFalse();
    assertThat(Tasks.open(file).parameters()).isEqualTo(canceled.result.parameters());
  }

  @Test
  void withoutCheckpointsTheBestModelIsInTheException() throws Exception {
    var task = Tasks.ALL.getFirst();
    var canceled = cancel(TinyRun.of(task.name(), RunOutput.NOTHING), steps(task) / 2 + 1);
    assertThat(canceled.thrown)
        .hasMessageContaining("There is no checkpoint of it; the best model so far is kept.");
    Path file = folder.resolve("m.safetensors");
    ((TrainingInterruptedException) canceled.thrown).model().orElseThrow().write(file);
    assertThat(Tasks.open(file).task()).isEqualTo(task);
  }

  /** Step by step: each thread is interrupted before it begins. */
  @Test
  void inAnInterruptedThreadARunMakesOneStepAndKeepsIt() throws IOException {
    Path file = folder.resolve("m.safetensors");
    for (int step = 1; step < 8; step++) {
      Thread.currentThread().interrupt();
      try (var checkpoints = checkpoints()) {
        var output = new RunOutput(List.of(), false, file, checkpoints);
        var run = TinyRun.of("regress", output);
        assertThatThrownBy(() -> run.run(TrainingListener.NONE))
            .isInstanceOf(TrainingInterruptedException.class)
            .hasMessageContaining("after step " + step);
      }
      assertThat(Thread.interrupted()).isTrue();
    }
    try (var checkpoints = checkpoints()) {
      TinyRun.of("regress", new RunOutput(List.of(), false, file, checkpoints))
          .run(TrainingListener.NONE);
    }
    var whole = TinyRun.of("regress", RunOutput.NOTHING).run(TrainingListener.NONE);
    assertThat(Tasks.open(file).parameters()).isEqualTo(whole.parameters());
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void anInterruptedThreadOpensAndSavesModels(Task<?, ?> task) {
    Path file = folder.resolve("m.safetensors");
    var trained = TinyRun.of(task.name(), RunOutput.NOTHING).run(TrainingListener.NONE);
    Thread.currentThread().interrupt();
    trained.write(file);
    Tasks.open(file).save(folder.resolve("again.safetensors"));
    assertThat(Tasks.open(folder.resolve("again.safetensors")).parameters())
        .isEqualTo(trained.parameters());
    assertThatThrownBy(() -> Tasks.open(folder.resolve("none.safetensors")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there is no such file");
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }

  @Test
  void aThreadThatIsInterruptedAgainAndAgainWritesWholeFiles() throws Exception {
    var trained = TinyRun.of("regress", RunOutput.NOTHING).run(TrainingListener.NONE);
    Path file = folder.resolve("m.safetensors");
    Thread writer = Thread.currentThread();
    var ended = new CountDownLatch(1);
    var interrupting =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (ended.getCount() > 0) {
                    writer.interrupt();
                    Thread.onSpinWait();
                  }
                });
    try {
      for (int i = 0; i < 30; i++) {
        trained.write(file);
        assertThat(Tasks.open(file).size()).isEqualTo(trained.parameters().length);
      }
    } finally {
      ended.countDown();
      interrupting.interrupt();
      while (interrupting.isAlive()) {
        Thread.onSpinWait();
      }
    }
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aSearchForTheRateStopsToo() {
    var run = TinyRun.of("regress", RunOutput.NOTHING);
    var range = new RateSearch.Range(1e-5, 1, 100);
    Thread.currentThread().interrupt();
    assertThatThrownBy(
            () -> RateSearch.run(run.learner(), run.options(), range, TrainingListener.NONE))
        .isInstanceOf(TrainingInterruptedException.class)
        .hasMessageContaining("after step 1");
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }
}
