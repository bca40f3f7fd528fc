package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Workers;
import dev.unroll.result.Verdict;
import dev.unroll.task.RunOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the command line says of data and models, from Java. */
class CoachTest {

  private record Text(String text, String label) {}

  private static List<Text> texts() {
    return IntStream.range(0, 200)
        .mapToObj(
            i -> i % 2 == 0 ? new Text("good and nice " + i, "yes") : new Text("bad " + i, "no"))
        .toList();
  }

  private static ClassifierTrainer trainer() {
    return Unroll.classifier().data(texts(), Text::text, Text::label).lstm(4).epochs(1).threads(1);
  }

  @Test
  void linesSayWhatWasUnderstoodAndHowTheModelStands() {
    var lines = new ArrayList<String>();
    trainer().coach(lines::add).train();
    assertThat(lines).anyMatch(line -> line.contains("160 texts to train on, 40 to validate on"));
    assertThat(lines).anyMatch(line -> line.contains("naive Bayes 100.00%"));
    assertThat(lines).noneMatch(line -> line.contains("{") || line.contains("--"));
  }

  @Test
  void theSameAreValues() {
    var trainer = trainer();
    var run = trainer.prepare(RunOutput.NOTHING);
    assertThat(trainer.overview()).isEqualTo(trainer.overview(run));
    assertThat(trainer.overview(run).values())
        .containsEntry("training", 160L)
        .containsEntry("validation", 40L)
        .containsKey("unknownVocabulary");
    try (var workers = new Workers(1)) {
      var model = trainer.model(run.run(dev.unroll.train.TrainingListener.NONE));
      Verdict verdict = trainer.verdict(run, model, workers);
      assertThat(trainer.verdict(model)).isEqualTo(verdict);
      assertThat(verdict.measure()).isEqualTo("accuracy");
      assertThat(verdict.baselines()).containsEntry("naive Bayes", 1.0);
      assertThat(verdict.network())
          .isEqualTo(model.evaluate(run.validation(), workers).score().accuracy());
    }
  }
}
