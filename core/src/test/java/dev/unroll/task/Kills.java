package dev.unroll.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.learn.Checkpoints;
import dev.unroll.store.ModelFile;
import dev.unroll.train.TrainingInterruptedException;
import dev.unroll.train.TrainingListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Kills and stops runs, of two epochs, whose models get a part that is counted at the end. */
public final class Kills {

  private static final Checkpoints.Interval EVERY_STEP = new Checkpoints.Interval(1, Duration.ZERO);

  private Kills() {}

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Ends the run in the middle of a step, as a kill would. */
  private record KillAt(long step) implements TrainingListener {
    @Override
    public void onStep(StepReport report) {
      if (report.step() == step) {
        throw new Killed();
      }
    }
  }

  /** Stops the run after a step or, where that is 0, after its first validation. */
  private static final class StopAt implements TrainingListener {
    private final long step;
    private boolean reached;

    StopAt(long step) {
      this.step = step;
    }

    @Override
    public void onStep(StepReport report) {
      reached |= report.step() == step;
    }

    @Override
    public void onValidation(ValidationReport report) {
      reached |= step == 0;
    }

    @Override
    public boolean stops() {
      return reached;
    }
  }

  private static final class Counting implements TrainingListener {
    private long steps;
    private long validated;

    @Override
    public void onStep(StepReport report) {
      steps = report.step();
    }

    @Override
    public void onValidation(ValidationReport report) {
      validated = validated == 0 ? report.step() : validated;
    }
  }

  private static ModelFile<?> run(
      Path folder, Function<RunOutput, ? extends Run<?>> runs, TrainingListener listener) {
    try (var checkpoints = Checkpoints.open(folder.resolve("run"), EVERY_STEP, System::nanoTime)) {
      return runs.apply(new RunOutput(List.of(), false, model(folder), checkpoints)).run(listener);
    }
  }

  private static Path model(Path folder) {
    return folder.resolve("killed.safetensors");
  }

  private static byte[] bytes(ModelFile<?> model) {
    var out = new ByteArrayOutputStream();
    model.write(out);
    return out.toByteArray();
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills a run in each of its epochs. */
  public static void assertSameBytes(Path folder, Function<RunOutput, ? extends Run<?>> runs) {
    var counting = new Counting();
    byte[] whole = bytes(runs.apply(RunOutput.NOTHING).run(counting));
    assertThat(counting.validated).isBetween(2L, counting.steps - 2);
    for (long step : new long[] {counting.validated - 1, counting.steps - 1}) {
      assertThatThrownBy(() -> run(folder, runs, new KillAt(step))).isInstanceOf(Killed.class);
    }
    assertThat(read(model(folder))).as("the best model so far").isNotEqualTo(whole);
    run(folder, runs, TrainingListener.NONE);
    assertThat(read(model(folder))).isEqualTo(whole);
  }

  /** The best model so far has the part that it is written with, also right after a resume. */
  public static void assertSameParts(
      Path folder, Function<RunOutput, ? extends Run<?>> runs, String part) {
    ModelFile<?> best = stopped(folder, runs, new StopAt(0));
    assertThat(best.provenance().unfinished()).isTrue();
    assertThat(best.provenance().part(part).keySet().toString()).contains("counted");
    assertThat(read(model(folder))).isEqualTo(bytes(best));
    long reached = ((Number) best.provenance().json().get("steps")).longValue();
    ModelFile<?> again = stopped(folder, runs, new StopAt(reached + 1));
    assertThat(again.parameters()).isEqualTo(best.parameters());
    assertThat(again.fields().toJson()).isEqualTo(best.fields().toJson());
    assertThat(again.provenance().part(part)).isEqualTo(best.provenance().part(part));
  }

  private static ModelFile<?> stopped(
      Path folder, Function<RunOutput, ? extends Run<?>> runs, StopAt listener) {
    try (var checkpoints = Checkpoints.open(folder.resolve("run"), EVERY_STEP, System::nanoTime)) {
      Run<?> run = runs.apply(new RunOutput(List.of(), false, model(folder), checkpoints));
      assertThatThrownBy(() -> run.run(listener)).isInstanceOf(TrainingInterruptedException.class);
      return run.stopped().orElseThrow();
    }
  }
}
