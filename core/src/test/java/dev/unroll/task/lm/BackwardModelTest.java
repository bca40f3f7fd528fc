package dev.unroll.task.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.batch.BackwardStream;
import dev.unroll.data.Reading;
import dev.unroll.model.Filler;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.Network;
import dev.unroll.result.Sampling;
import dev.unroll.store.ModelFile;
import dev.unroll.train.TinyText;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that read sentences from right to left, and gaps filled from both sides. */
class BackwardModelTest {

  private static final TinyText TEXT = TinyText.sample();
  private static final ModelFile<LanguageModelFields> FILE = train(true);
  private static final LanguageModel BACKWARD = new LanguageModel(FILE);
  private static final LanguageModel FORWARD = new LanguageModel(train(false));

  private static ModelFile<LanguageModelFields> train(boolean backward) {
    var options =
        Training.defaults().withEpochs(15).withBatch(4, 30).withReading(Reading.SENTENCES);
    var text = backward ? new BackwardStream(TEXT) : TEXT;
    return LanguageModelRun.of(text, 0.1, Network.lstm(24), options).run(TrainingListener.NONE);
  }

  private static LanguageModel sameWeightsForward() {
    var fields = FILE.fields();
    return new LanguageModel(
        FILE.withFields(
            new LanguageModelFields(fields.network(), fields.tokenizer(), fields.reading())));
  }

  @Test
  void aBackwardTextHasEachSentenceFromItsEnd() {
    var backward = new BackwardStream(new TinyText(List.of("abc", "", "de")));
    var turned = new TinyText(List.of("cba", "", "ed"));
    assertThat(backward.size()).isEqualTo(turned.size());
    for (long i = 0; i < turned.size(); i++) {
      assertThat(backward.id(i)).isEqualTo(turned.id(i));
    }
    assertThat(backward.part(2, 3).id(0)).isEqualTo(turned.id(5));
    assertThat(backward.part(1, 3).isBackward()).isTrue();
  }

  @Test
  void scoresStandInTheOrderOfTheText() {
    String text = "the cat sat";
    String turned = new StringBuilder(text).reverse().toString();
    var scores = BACKWARD.score(text).logProbabilities();
    var read = sameWeightsForward().score(turned).logProbabilities();
    int letters = text.length();
    for (int t = 0; t < letters; t++) {
      assertThat(scores.get(t)).isEqualTo(read.get(letters - 1 - t));
    }
    assertThat(scores.get(letters)).isEqualTo(read.get(letters));
    assertThat(BACKWARD.score(text).ids()).isEqualTo(FORWARD.score(text).ids());
    var line = new TinyText(List.of(text));
    assertThat(BACKWARD.evaluate(line, Workers.single()).crossEntropy())
        .isCloseTo(-BACKWARD.score(text).total() / (letters + 1), within(1e-9));
  }

  @Test
  void theFileSaysSoAndNothingIsContinued(@TempDir Path folder) {
    Path file = folder.resolve("backward.safetensors");
    BACKWARD.save(file);
    LanguageModel opened = LanguageModel.open(file);
    assertThat(opened.isBackward()).isTrue();
    assertThat(opened.summary().toString()).contains("from right to left");
    assertThatThrownBy(() -> opened.sample("the", Sampling.defaults()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("from right to left");
    var stream = Training.defaults().withReading(Reading.STREAM);
    assertThatThrownBy(
            () -> LanguageModelRun.of(new BackwardStream(TEXT), 0.1, Network.lstm(4), stream))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("not one stream");
  }

  @Test
  void gapsAreFilledAndScoredFromBothSides() {
    var filler = new Filler(FORWARD, BACKWARD, 8, 16, 0.5);
    var filled = filler.fill("the ", " on the mat", 20, Workers.single());
    assertThat(filled).hasSize(20);
    for (var each : filled) {
      assertThat(each.text()).isEqualTo("the " + each.gap() + " on the mat");
      assertThat(each.gap().length()).isBetween(1, 8);
      assertThat(each.forward()).isEqualTo(FORWARD.score(each.text()).total());
      assertThat(each.backward()).isEqualTo(BACKWARD.score(each.text()).total());
      double tokens = each.text().length() + 1;
      assertThat(each.score())
          .isCloseTo((each.forward() + each.backward()) / 2 / Math.sqrt(tokens), within(1e-9));
    }
    assertThat(filled).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
    assertThat(Filler.of(FORWARD).fill("the ", " on the mat", 1, Workers.single()))
        .first()
        .satisfies(best -> assertThat(best.backward()).isNaN());
  }

  @Test
  void twoModelsOfOneDirectionAreRefused() {
    assertThatThrownBy(() -> Filler.of(FORWARD, FORWARD)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> Filler.of(BACKWARD).fill("a", "b", 1, Workers.single()))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> Filler.of(FORWARD).fill("a\n", "b", 1, Workers.single()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("line end");
  }
}
