package dev.unroll.text.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.text.Corpus;
import dev.unroll.text.Segmentation;
import dev.unroll.text.Segmentation.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that are too small to estimate discounts. */
class KneserNeyFallbackTest {

  private static final List<String> CORPUS = List.of("r o t", "o a r", "o a t");

  @TempDir Path folder;

  private static Corpus corpus(List<String> lines) {
    return Corpus.of(
        lines, new Corpus.Options(Segmentation.of(Unit.TOKENS), Integer.MAX_VALUE, 1, false));
  }

  private static double log10(NgramModel model, String context, String word) {
    int[] words =
        context.isEmpty()
            ? new int[] {id(model, word)}
            : new int[] {id(model, context), id(model, word)};
    return model.logProbability(words, words.length - 1) / Math.log(10);
  }

  private static int id(NgramModel model, String word) {
    return switch (word) {
      case "</s>" -> model.tokenizer().endOfSentence();
      case "<s>" -> model.start();
      case "<unk>" -> model.tokenizer().unknown();
      default -> model.tokenizer().encode(word)[0];
    };
  }

  /** By lmplz --order 2 --discount_fallback. */
  @ParameterizedTest
  @CsvSource({
    "'', a, -0.857332",
    "'', r, -0.711204",
    "'', o, -0.711204",
    "'', t, -0.711204",
    "'', </s>, -0.711204",
    "'', <unk>, -1.079181",
    "<s>, o, -0.365971",
    "<s>, r, -0.578579",
    "o, a, -0.394934",
    "o, t, -0.578579",
    "t, </s>, -0.223864",
    "r, o, -0.459392",
    "r, </s>, -0.459392",
    "a, r, -0.459392",
    "a, t, -0.459392",
  })
  void probabilitiesAreThoseOfLmplz(String context, String word, double expected) {
    NgramModel model = KneserNey.estimate(corpus(CORPUS), 2);
    assertThat(log10(model, context, word)).isCloseTo(expected, within(1e-6));
  }

  @Test
  void backOffsAreThoseOfLmplz() {
    NgramModel model = KneserNey.estimate(corpus(CORPUS), 2);
    for (String word : List.of("r", "o", "t", "a")) {
      int node = model.nodes().find(NgramModel.ROOT, id(model, word));
      assertThat(model.backOffOf(node) / Math.log(10)).as(word).isCloseTo(-0.30103, within(1e-6));
    }
    int start = model.nodes().find(NgramModel.ROOT, model.start());
    assertThat(model.backOffOf(start) / Math.log(10)).isCloseTo(-0.30103, within(1e-6));
  }

  @Test
  void theOrdersWithoutDiscountsAreTold() {
    assertThat(KneserNey.estimateWithNotes(corpus(CORPUS), 2).fallbackOrders())
        .containsExactly(1, 2);
    assertThat(KneserNey.estimateWithNotes(corpus(CORPUS), 5).fallbackOrders())
        .as("there are no n-grams of length 6, but some of length 5")
        .containsExactly(1, 2, 3, 4, 5);
    assertThat(KneserNey.estimateWithNotes(corpus(List.of("a")), 5).fallbackOrders())
        .as("<s> a </s> has no n-gram longer than 3")
        .containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "r o t/o a r/o a t",
        "a",
        "a a a a a a a a",
        "a/a/a",
        "a b/b a/a b/b a",
        "a b c d e f g",
        "a/a a/a a a/a a a a/a a a a a",
        "a b/a c/a d/a e/b c/b d/b e/c d",
        "a a b b/c c d d/a a b b/c c d d/a a b b/c c d d/e",
      })
  void probabilitiesSumToOneAndFollowTheCounts(String lines) {
    Corpus corpus = corpus(List.of(lines.split("/")));
    int size = corpus.tokenizer().size();
    for (int order = 1; order <= 5; order++) {
      NgramModel model = KneserNey.estimate(corpus, order);
      for (int first = 0; first < size; first++) {
        for (int second = 0; second < size; second++) {
          int[] words = {model.start(), first, second, 0};
          for (int at = 1; at <= 3; at++) {
            double sum = 0;
            for (int word = 0; word < size; word++) {
              words[at] = word;
              double p = Math.exp(model.logProbability(words, at));
              assertThat(p).isPositive();
              sum += p;
            }
            assertThat(sum).as("order %d", order).isCloseTo(1, within(1e-9));
            words[1] = first;
            words[2] = second;
          }
        }
      }
    }
  }

  /** One wrong discount would place the rarer word before the more frequent one. */
  @Test
  void aRarerWordIsNotMoreProbable() {
    NgramModel model = KneserNey.estimate(corpus(List.of("a a a b b c d d d d e")), 1);
    double[] p =
        List.of("c", "e", "b", "a", "d").stream()
            .mapToDouble(word -> log10(model, "", word))
            .toArray();
    assertThat(p[0]).isEqualTo(p[1]);
    for (int i = 2; i < p.length; i++) {
      assertThat(p[i]).isGreaterThan(p[i - 1]);
    }
  }

  /** D₃ of the bigrams is exactly 0 here: a context of frequent ones leaves nothing to others. */
  @Test
  void noWeightAtAllIsWrittenAsOtherProgramsReadIt() throws IOException {
    var lines = new ArrayList<String>(); // so many words with the counts 1 to 4: 4, 2, 2, 3
    String counts = "11112233444";
    for (int word = 0; word < counts.length(); word++) {
      lines.addAll(Collections.nCopies(counts.charAt(word) - '0', "w" + word));
    }
    NgramModel model = KneserNey.estimate(corpus(lines), 2);
    assertThat(log10(model, "w10", "w0")).isEqualTo(Double.NEGATIVE_INFINITY);
    Path file = folder.resolve("model.arpa");
    ArpaFile.write(model, Map.of(), file);
    assertThat(Files.readString(file)).contains("w10\t-99").doesNotContainIgnoringCase("inf");
    NgramModel read = ArpaFile.read(file);
    assertThat(log10(read, "w10", "w0")).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(log10(read, "w0", "w10")).isCloseTo(log10(model, "w0", "w10"), within(1e-6));
  }
}
