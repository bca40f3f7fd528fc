package dev.unroll.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.Workers;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.Network;
import dev.unroll.result.Model;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.task.lm.LanguageModelRun;
import dev.unroll.train.TinyText;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingInterruptedException;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.Validation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which model is what a run ends with. */
class RunTest {

  private static final Training OPTIONS = Training.defaults().withEpochs(3).withBatch(4, 10);

  private static final Network NETWORK = Network.lstm(6);

  private static LanguageModelRun run(Training options) {
    return LanguageModelRun.of(TinyText.sample(), 0.1, NETWORK, options);
  }

  @Test
  void aRunEndsWithItsModelAndNoOtherDoes() {
    Model made = new LanguageModel(run(OPTIONS).run(TrainingListener.NONE));
    assertThat(run(OPTIONS).endsWith(made)).isTrue();
    assertThat(run(OPTIONS.withSeed(2)).endsWith(made)).isFalse();
    var asked = new RunOutput(List.of("--seed", "1"), false, null, null);
    assertThat(run(OPTIONS).withOutput(asked).endsWith(made))
        .as("however it was asked for")
        .isTrue();
    assertThat(run(OPTIONS).difference(made)).isEmpty();
    assertThat(run(OPTIONS.withEpochs(4)).difference(made))
        .hasValueSatisfying(other -> assertThat(other).contains("epochs", "4", "3"));
    var other = LanguageModelRun.of(TinyText.sample(), 0.1, NETWORK.withDropout(0.1), OPTIONS);
    assertThat(other.endsWith(made)).isFalse();
    assertThat(other.difference(made))
        .hasValueSatisfying(each -> assertThat(each).contains("the network"));
  }

  /** What the first one came to is none of the second. */
  @Test
  void aRunThatWasStoppedMayRunAgain() {
    Run<LanguageModelFields> run = run(OPTIONS);
    var stopping =
        new TrainingListener() {
          private boolean improved;

          @Override
          public void onImproved(float[] parameters, ValidationReport report) {
            improved = true;
          }

          @Override
          public boolean stops() {
            return improved;
          }
        };
    assertThatThrownBy(() -> run.run(stopping)).isInstanceOf(TrainingInterruptedException.class);
    assertThat(run.stopped()).isPresent();
    run.run(TrainingListener.NONE);
    assertThat(run.stopped()).isEmpty();
    Run<LanguageModelFields> other = run(OPTIONS);
    other.run(TrainingListener.NONE);
    assertThat(run.course()).isEqualTo(other.course());
  }

  @Test
  void aModelThatWasTheBestSoFarSaysSo() {
    Run<LanguageModelFields> run = run(OPTIONS);
    var reached = new Run.Reached(1, new Validation(2, null), false);
    var best = run.model(new float[run.size()], reached, Workers.single());
    assertThat(best.provenance().unfinished()).isTrue();
    assertThat(run.endsWith(new LanguageModel(best))).isFalse();
  }
}
