package dev.unroll.task.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.data.LabeledSequence;
import dev.unroll.tasks.FrequentTag;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaselineTest {

  private static LabeledSequence text(String label, String words) {
    return new LabeledSequence(List.of(words.split(" ", -1)), List.of(label));
  }

  /** The example of Manning, Raghavan and Schütze 2008, table 13.1. */
  @Test
  void naiveBayesIsThatOfTheTextbook() {
    var training =
        List.of(
            text("China", "Chinese Beijing Chinese"),
            text("China", "Chinese Chinese Shanghai"),
            text("China", "Chinese Macao"),
            text("no", "Tokyo Japan Chinese"));
    var bayes = new NaiveBayes(training, 1);
    assertThat(bayes.classify(List.of("Chinese", "Chinese", "Chinese", "Tokyo", "Japan")))
        .isEqualTo("China");
    assertThat(bayes.classify(List.of("Tokyo", "Japan"))).isEqualTo("no");
    assertThat(bayes.classify(List.of("Osaka"))).isEqualTo("China"); // the likelier one
    assertThat(bayes.evaluate(training).accuracy()).isEqualTo(1);
  }

  @Test
  void theMostFrequentNgramsComeFirst() {
    var training = List.of(text("x", "a b a b"), text("x", "c a"), text("y", "b c"));
    var bayes = new NaiveBayes(training, 2);
    Ngrams kept = bayes.frequent(5);
    assertThat(kept.texts()).containsExactly("", "a", "b", "a\u001fb", "c");
    assertThat(kept.numbersIn(List.of("a", "b", "z"))).containsExactly(0, 1, 2, 0, 3);
    // P(a | x) = (3 + 1) / (18 + 14), P(a | y) = (0 + 1) / (7 + 14)
    double[] logs = bayes.logLikelihoods("a");
    assertThat(Math.exp(logs[0])).isCloseTo(4.0 / (18 + 14), within(1e-12));
    assertThat(Math.exp(logs[1])).isCloseTo(1.0 / (7 + 14), within(1e-12));
  }

  @Test
  void wordsHaveTheirMostFrequentTagAndOthersThatOfRareWords() {
    var training =
        List.of(
            new LabeledSequence(List.of("can", "can", "fish"), List.of("VERB", "NOUN", "NOUN")),
            new LabeledSequence(List.of("can", "swim"), List.of("VERB", "VERB")),
            new LabeledSequence(List.of("cats", "dogs"), List.of("NOUN", "NOUN")));
    var tagger = new FrequentTag(training);
    assertThat(tagger.tag(List.of("can", "fish", "birds"))).containsExactly("VERB", "NOUN", "NOUN");
    var report =
        tagger.evaluate(
            List.of(new LabeledSequence(List.of("can", "birds"), List.of("VERB", "X"))));
    assertThat(report.score().accuracy()).isEqualTo(0.5);
    assertThat(report.unseen().items()).isEqualTo(1);
    assertThat(report.unseen().right()).isZero();
    assertThat(report.rightSentences()).isZero();
    assertThat(report.spans()).isNull();
  }
}
