package dev.unroll.text.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.text.Corpus;
import dev.unroll.text.Segmentation;
import dev.unroll.text.Segmentation.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NgramModelTest {

  @TempDir Path folder;

  private static Corpus corpus(List<String> lines) {
    return Corpus.of(
        lines, new Corpus.Options(Segmentation.of(Unit.TOKENS), Integer.MAX_VALUE, 1, false));
  }

  /** Lines over few words, so that every count from 1 to 4 occurs. */
  private static List<String> lines() {
    var random = new Random(3);
    var lines = new ArrayList<String>();
    for (int i = 0; i < 120; i++) {
      var line = new ArrayList<String>();
      for (int length = 1 + random.nextInt(7); length > 0; length--) {
        double skewed = random.nextDouble() * random.nextDouble();
        line.add("w" + (int) (skewed * 25));
      }
      lines.add(String.join(" ", line));
    }
    return lines;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void probabilitiesSumToOneInEveryContext(int order) {
    var corpus = corpus(lines());
    var model = KneserNey.estimate(corpus, order);
    int size = corpus.tokenizer().size();
    var random = new Random(7);
    for (int trial = 0; trial < 200; trial++) {
      int[] words = new int[2 + random.nextInt(5)];
      words[0] = model.start();
      for (int i = 1; i < words.length; i++) {
        words[i] = random.nextInt(size);
      }
      double sum = 0;
      for (int w = 0; w < size; w++) {
        words[words.length - 1] = w;
        double p = Math.exp(model.logProbability(words, words.length - 1));
        assertThat(p).isPositive();
        sum += p;
      }
      assertThat(sum).isCloseTo(1, within(1e-9));
    }
  }

  /** The formulas again, with n-grams as texts in maps, by recursion. */
  private static final class Plain {
    private final Map<String, Integer> raw = new HashMap<>();
    private final Map<String, Integer> adjusted = new HashMap<>();
    private final int order;
    private final int vocabulary;

    Plain(List<String> lines, int order, int vocabulary) {
      this.order = order;
      this.vocabulary = vocabulary;
      for (String line : lines) {
        String[] words = ("<s> " + line + " </s>").split(" ");
        for (int end = 1; end < words.length; end++) {
          for (int from = Math.max(0, end - order + 1); from <= end; from++) {
            raw.merge(String.join(" ", List.of(words).subList(from, end + 1)), 1, Integer::sum);
          }
        }
      }
      for (String ngram : raw.keySet()) {
        int length = ngram.split(" ").length;
        if (length == order || ngram.startsWith("<s>")) {
          adjusted.put(ngram, raw.get(ngram));
        }
        if (length > 1) {
          String suffix = ngram.substring(ngram.indexOf(' ') + 1);
          adjusted.merge(suffix, 1, Integer::sum);
        }
      }
    }

    private double discount(int length, int count) {
      double[] n = new double[5];
      adjusted.forEach(
          (ngram, c) -> {
            if (ngram.split(" ").length == length && c <= 4) {
              n[c]++;
            }
          });
      int k = Math.min(3, count);
      double y = n[1] / (n[1] + 2 * n[2]);
      return k == 0 ? 0 : k - (k + 1) * y * n[k + 1] / n[k];
    }

    double probability(List<String> history, String word) {
      if (history.size() >= order) {
        return probability(history.subList(history.size() - order + 1, history.size()), word);
      }
      double lower =
          history.isEmpty()
              ? 1.0 / vocabulary
              : probability(history.subList(1, history.size()), word);
      String context = String.join(" ", history) + (history.isEmpty() ? "" : " ");
      double total = 0;
      double kept = 0;
      for (var entry : adjusted.entrySet()) {
        String ngram = entry.getKey();
        if (ngram.startsWith(context) && ngram.indexOf(' ', context.length()) < 0) {
          total += entry.getValue();
          kept += discount(history.size() + 1, entry.getValue());
        }
      }
      if (total == 0) {
        return lower;
      }
      int count = adjusted.getOrDefault(context + word, 0);
      return (count - discount(history.size() + 1, count) + kept * lower) / total;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void itFollowsTheFormulas(int order) {
    var corpus = corpus(lines());
    var model = KneserNey.estimate(corpus, order);
    var plain = new Plain(lines(), order, corpus.tokenizer().size());
    for (String line : List.of("w1 w2 w3", "w0 w0 w0", "w9 w17 w4 w1", "w22")) {
      int[] ids = corpus.tokenizer().encode(line);
      int[] words = new int[ids.length + 1];
      words[0] = model.start();
      System.arraycopy(ids, 0, words, 1, ids.length);
      var history = new ArrayList<>(List.of("<s>"));
      String[] tokens = line.split(" ");
      for (int t = 0; t < tokens.length; t++) {
        assertThat(Math.exp(model.logProbability(words, t + 1)))
            .as("%s after %s", tokens[t], history)
            .isCloseTo(plain.probability(history, tokens[t]), within(1e-12));
        history.add(tokens[t]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TOKENS", "CHARACTERS"})
  void anArpaFileIsTheSameModel(Unit unit) {
    var options = new Corpus.Options(Segmentation.of(unit), Integer.MAX_VALUE, 1, false);
    var corpus = Corpus.of(lines(), options);
    var model = KneserNey.estimate(corpus, 3);
    Path file = folder.resolve("model.arpa");
    ArpaFile.write(model, Map.of("version", "1"), file);
    assertThat(ArpaFile.provenance(file)).containsEntry("version", "1");
    for (var read : List.of(ArpaFile.read(file), ArpaFile.read(file, corpus.tokenizer()))) {
      assertThat(read.order()).isEqualTo(3);
      assertThat(read.size()).isEqualTo(model.size());
      var text = Corpus.of(List.of("w1 w2 w3 w3 w1", "w4"), read.tokenizer(), false);
      assertThat(read.evaluate(text, Workers.single()).nats())
          .isCloseTo(model.evaluate(text, Workers.single()).nats(), within(1e-6));
    }
  }

  /** A file as SRILM writes it, and the probabilities by hand. */
  @Test
  void aFileOfAnotherProgram() throws IOException {
    Path file = folder.resolve("srilm.arpa");
    Files.writeString(
        file,
        """

        \\data\\
        ngram 1=4
        ngram 2=2

        \\1-grams:
        -0.5\t</s>
        -99\t<s>\t-0.2
        -0.4\ta\t-0.3
        -0.6\tb

        \\2-grams:
        -0.1\t<s> a
        -0.7\ta </s>

        \\end\\
        """);
    var model = ArpaFile.read(file);
    var scores = model.score(List.of("a", "b a"), Workers.single());
    assertThat(scores.get(0).total() / Math.log(10)).isCloseTo(-0.1 - 0.7, within(1e-9));
    double second = (-0.2 - 0.6) + -0.4 + -0.7; // b after <s>: back-off; a after b: no weight
    assertThat(scores.get(1).total() / Math.log(10)).isCloseTo(second, within(1e-9));
  }

  @Test
  void whatIsNoArpaFileIsRefusedWithItsLine() throws IOException {
    Path file = folder.resolve("bad.arpa");
    Files.writeString(file, "\\data\\\nngram 1=2\n\n\\1-grams:\n-0.5\t</s>\n");
    assertThatThrownBy(() -> ArpaFile.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bad.arpa:5")
        .hasMessageContaining("ends too early");
    Files.writeString(file, "\\data\\\nngram 1=1\n\n\\1-grams:\nhalf\t</s>\n\\end\\\n");
    assertThatThrownBy(() -> ArpaFile.read(file))
        .hasMessageContaining("«half» is not a finite number");
    Files.writeString(file, "text\n");
    assertThatThrownBy(() -> ArpaFile.read(file)).hasMessageContaining("not an ARPA file");
    for (String damaged : List.of("{\"kind\":", "{\"kind\":7}", "[]")) {
      Files.writeString(file, "# unroll.tokenizer " + damaged + "\n\\data\\\n");
      assertThatThrownBy(() -> ArpaFile.read(file))
          .as(damaged)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("bad.arpa:1")
          .hasMessageContaining("tokenizer is damaged");
    }
  }
}
