package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.train.TrainingInterruptedException;
import dev.unroll.train.TrainingListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a training is stopped, its best model is returned, and the run can be resumed. */
class StoppingTest {

  private static final List<String> LINES = Collections.nCopies(200, "the cat sat on the mat");

  @TempDir Path folder;

  private static LanguageModelTrainer trainer() {
    return Unroll.languageModel().characters().sentences().lines(LINES).lstm(8).epochs(6).batch(32);
  }

  @Test
  void aJobThatIsStoppedReturnsTheBestSoFarAndResumesToTheSameModel() throws Exception {
    Path file = folder.resolve("m.safetensors");
    var validated = new CountDownLatch(1);
    var job =
        trainer()
            .keepAt(file)
            .listen(
                new TrainingListener() {
                  @Override
                  public void onValidation(ValidationReport report) {
                    validated.countDown();
                    while (!Thread.currentThread().isInterrupted()) {
                      Thread.onSpinWait();
                    }
                  }
                })
            .start();
    validated.await();
    job.stop();
    var best = job.get();
    assertThat(best.provenance().unfinished()).isTrue();
    assertThat(folder.resolve("m.safetensors.run")).isDirectory();
    var whole = trainer().keepAt(file).train();
    assertThat(whole.provenance().unfinished()).isFalse();
    assertThat(whole.parameters()).isEqualTo(trainer().train().parameters());
    assertThat(Files.exists(folder.resolve("m.safetensors.run"))).isFalse();
  }

  @Test
  void aListenerMayAskForTheEnd() {
    var model = trainer().listen(after(true, 8)).train();
    assertThat(model.provenance().unfinished()).isTrue();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void theFailureOfAListenerLosesNothing() {
    var model = trainer().listen(after(false, 8)).train();
    assertThat(model.provenance().unfinished()).isTrue();
    assertThatThrownBy(() -> trainer().listen(after(false, 1)).train())
        .isInstanceOf(TrainingInterruptedException.class)
        .hasMessageContaining("failure of a listener")
        .hasRootCauseMessage("full");
  }

  /** Asks for the end, or fails, after some steps; six are an epoch. */
  private static TrainingListener after(boolean asks, int steps) {
    return new TrainingListener() {
      private long step;

      @Override
      public void onStep(StepReport report) {
        step = report.step();
        if (!asks && step == steps) {
          throw new IllegalStateException("full");
        }
      }

      @Override
      public boolean stops() {
        return asks && step == steps;
      }
    };
  }
}
