package dev.unroll.text.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.text.Corpus;
import dev.unroll.text.Segmentation;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnknownWordsTest {

  private static Corpus corpus(Segmentation.Unit unit) {
    var lines = List.of("walking talking singing ringing", "walked talked linked", "the cat the");
    return Corpus.of(lines, new Corpus.Options(Segmentation.of(unit), Integer.MAX_VALUE, 1, false));
  }

  @Test
  void wordsLikeThoseOfTheVocabularyAreMoreProbable() {
    var unknown = UnknownWords.of(corpus(Segmentation.Unit.TOKENS).tokenizer());
    assertThat(unknown.logProbability("the linking"))
        .isGreaterThan(unknown.logProbability("xqzvkjw"));
    assertThat(unknown.logProbability("the cat")).isZero();
    assertThat(unknown.logProbability("pinging pinging"))
        .isEqualTo(2 * unknown.logProbability("pinging"));
  }

  @Test
  void lettersHaveNoSpelling() {
    var letters = corpus(Segmentation.Unit.CHARACTERS).tokenizer();
    assertThatThrownBy(() -> UnknownWords.of(letters))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("take a model of words");
  }
}
