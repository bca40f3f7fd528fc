package dev.unroll.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.model.LanguageModel;
import dev.unroll.network.Network;
import dev.unroll.text.Segmentation.Unit;
import dev.unroll.train.Training;
import dev.unroll.train.optimizer.Adam;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The next words of models whose tokens are smaller. */
class NextWordsTest {

  private static LanguageModel model(Unit unit) {
    var lines = new ArrayList<String>();
    Collections.nCopies(40, List.of("the cat saw it.", "the cats, the sea")).forEach(lines::addAll);
    var options = new TokenOptions(Segmentation.of(unit), unit == Unit.BYTE_PAIRS ? 40 : 0, 1);
    return LanguageModel.train(
        Corpus.of(lines, options.corpus(options.reading())),
        Network.lstm(12),
        Training.defaults().withEpochs(30).withOptimizer(new Adam(0.02)).withBatch(8, 32));
  }

  private static double next(LanguageModel model, String prompt, String tokens) {
    return model.next(prompt, model.tokenizer().size()).stream()
        .filter(each -> tokens.contains(each.token()) || each.token().equals("<EOS>"))
        .filter(each -> !each.token().equals("<EOS>") || tokens.length() > 1)
        .mapToDouble(LanguageModel.Next::probability)
        .sum();
  }

  @Test
  void aWordHasTheProbabilityOfItsLettersAndOfWhatEndsIt() {
    LanguageModel model = model(Unit.CHARACTERS);
    double cat =
        next(model, "the ", "c")
            * next(model, "the c", "a")
            * next(model, "the ca", "t")
            * next(model, "the cat", " .,");
    var found = model.nextWords("the ", 100);
    assertThat(found.getFirst().probability()).isGreaterThan(found.get(1).probability());
    double afterBlanks = 0.02; // of «the  cat»
    assertThat(probability(found, "cat")).isCloseTo(cat, within(afterBlanks));
    assertThat(found.stream().mapToDouble(LanguageModel.Next::probability).sum())
        .isLessThanOrEqualTo(1 + 1e-6);
  }

  private static double probability(List<LanguageModel.Next> found, String word) {
    return found.stream()
        .filter(each -> each.token().equals(word))
        .mapToDouble(LanguageModel.Next::probability)
        .sum();
  }

  /** A word that is one token has its probability, whatever follows. */
  @Test
  void anUnknownWordEndsTheOneBeforeIt() {
    var options = new TokenOptions(Segmentation.of(Unit.WORDS), 0, 1);
    var lines = Collections.nCopies(20, "the cat saw it in the sea");
    LanguageModel model =
        LanguageModel.train(
            Corpus.of(lines, options.corpus(options.reading())),
            Network.lstm(4),
            Training.defaults().withEpochs(1));
    var found = model.nextWords("the ", 100);
    for (LanguageModel.Next each : model.next("the ", model.tokenizer().size())) {
      assertThat(probability(found, each.token()))
          .as(each.token())
          .isCloseTo(each.probability(), within(1e-6));
    }
  }

  @Test
  void wordsAreWholeInEveryUnit() {
    for (Unit unit : Unit.values()) {
      var found = model(unit).nextWords("the", 3);
      assertThat(found).as(unit.toString()).hasSize(3);
      assertThat(found).extracting(LanguageModel.Next::token).containsAnyOf("cat", "sea", "cats");
    }
  }

  @Test
  void aWordThatThePromptHasBegunIsCompleted() {
    assertThat(model(Unit.CHARACTERS).nextWords("the ca", 2))
        .extracting(LanguageModel.Next::token)
        .containsAnyOf("cat", "cats");
  }
}
