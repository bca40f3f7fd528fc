package dev.unroll.ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.layer.Steps;
import dev.unroll.task.lm.TextPart;
import dev.unroll.train.TinyText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kneser-Ney of all tokens at a time against the same by plain counting, in double precision. */
class NgramTableTest {

  private static final int TOKENS = TinyText.LETTERS.size();
  private static final int END = TinyText.LETTERS.endOfSentence();

  /** Lines of few letters, some of them empty, so that counts of all sizes come. */
  private static TinyText text(int lines, long seed) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 7);
    var all = new ArrayList<String>();
    for (int i = 0; i < lines; i++) {
      var line = new StringBuilder();
      int length = (int) random.below(1000L * i, 9);
      for (int t = 0; t < length; t++) {
        int letter =
            (int)
                Math.min(
                    random.below(1000L * i + 2 * t + 1, 7), random.below(1000L * i + 2 * t + 2, 7));
        line.append((char) ('a' + letter));
      }
      all.add(line.toString());
    }
    return new TinyText(all);
  }

  /** The formulas of Chen and Goodman, word by word. */
  private static final class Reference {
    private final int order;
    private final Map<List<Integer>, Integer> seen = new HashMap<>();

    Reference(TinyText text, int order) {
      this.order = order;
      for (int s = 0; s < text.sentences(); s++) {
        var words = new ArrayList<>(List.of(END));
        Arrays.stream(TextPart.sentence(text, s)).forEach(words::add);
        for (int at = 1; at < words.size(); at++) {
          for (int from = Math.max(0, at - order + 1); from <= at; from++) {
            seen.merge(List.copyOf(words.subList(from, at + 1)), 1, Integer::sum);
          }
        }
      }
    }

    private int count(List<Integer> ngram) {
      boolean begins = ngram.size() > 1 && ngram.getFirst() == END;
      if (ngram.size() == order || begins) {
        return seen.getOrDefault(ngram, 0);
      }
      int before = 0;
      for (int word = 0; word < TOKENS; word++) {
        var longer = new ArrayList<>(List.of(word));
        longer.addAll(ngram);
        before += seen.containsKey(longer) ? 1 : 0;
      }
      return before;
    }

    private double[] discounts(int length) {
      double[] n = new double[5];
      for (List<Integer> ngram : seen.keySet()) {
        if (ngram.size() == length && count(ngram) <= 4) {
          n[count(ngram)]++;
        }
      }
      double y = n[1] / (n[1] + 2 * n[2]);
      double[] d = {0, 1 - 2 * y * n[2] / n[1], 2 - 3 * y * n[3] / n[2], 3 - 4 * y * n[4] / n[3]};
      boolean usable = d[1] >= 0 && d[1] <= 1 && d[2] >= 0 && d[2] <= 2 && d[3] >= 0 && d[3] <= 3;
      return usable ? d : new double[] {0, 0.5, 1, 1.5};
    }

    double[] probabilities(List<Integer> context) {
      double[] lower = new double[TOKENS];
      if (context.isEmpty()) {
        Arrays.fill(lower, 1.0 / TOKENS);
      } else {
        lower = probabilities(context.subList(1, context.size()));
      }
      double[] d = discounts(context.size() + 1);
      double[] counts = new double[TOKENS];
      double all = 0;
      double kept = 0;
      for (int word = 0; word < TOKENS; word++) {
        var ngram = new ArrayList<>(context);
        ngram.add(word);
        counts[word] = count(ngram);
        all += counts[word];
        kept += d[(int) Math.min(3, counts[word])];
      }
      double[] found = new double[TOKENS];
      for (int word = 0; word < TOKENS; word++) {
        double own = counts[word] - d[(int) Math.min(3, counts[word])];
        found[word] = all == 0 ? lower[word] : (own + kept * lower[word]) / all;
      }
      return found;
    }
  }

  private static NgramTable table(TinyText text, int order) {
    return new NgramTable(NgramCounts.of(text, order), TOKENS, END);
  }

  private static int[] history(NgramTable table, int... tokens) {
    int[] history = table.begin(1);
    for (int token : tokens) {
      table.read(token, history, 0);
    }
    return history;
  }

  @Property(tries = 40)
  void probabilitiesAreThoseOfTheFormulas(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int order) {
    TinyText text = text(30, seed);
    NgramTable table = table(text, order);
    var reference = new Reference(text, order);
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 8);
    for (int i = 0; i < 6; i++) {
      int length = (int) random.below(10L * i, 7);
      int[] read = new int[length + 1];
      read[0] = i % 2 == 0 ? -1 : END;
      var context = new ArrayList<>(List.of(END));
      for (int t = 1; t <= length; t++) {
        read[t] = 2 + (int) random.below(10L * i + t, 8); // one letter never comes
        context.add(read[t]);
      }
      int from = Math.max(0, context.size() - order + 1);
      double[] wanted = reference.probabilities(context.subList(from, context.size()));
      float[] found = new float[TOKENS + 3];
      table.add(0.25, history(table, read), 0, found, 2);
      var position = new NgramWalk(table).start();
      for (int t = 1; t <= length; t++) {
        position = position.next(read[t]);
      }
      double[] some = new double[5];
      position.probabilities(3, some);
      double sum = 0;
      for (int word = 0; word < TOKENS; word++) {
        assertThat(4 * found[2 + word])
            .as("%d after %s", word, context)
            .isCloseTo((float) wanted[word], within(1e-6f));
        assertThat(position.probability(word)).isCloseTo(wanted[word], within(1e-12));
        if (word >= 3 && word < 3 + some.length) {
          assertThat(some[word - 3]).isEqualTo(position.probability(word));
        }
        sum += 4 * found[2 + word];
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
      assertThat(found[0] + found[1] + found[TOKENS + 2]).isZero();
    }
  }

  /** Ragged sequences, some of which continue; an end begins anew. */
  @Test
  void historiesOfABatchAreThoseOfItsSequences() {
    NgramTable table = table(text(30, 1), 4);
    int[][] read = {{5, 6}, {}, {7, END, 8, 9, 2}, {-1, 4, 3}};
    int[] before = new int[4 * 3];
    for (int s = 0; s < 4; s++) {
      System.arraycopy(history(table, END, 2 + s, 3 + s), 0, before, 3 * s, 3);
    }
    var steps = Steps.of(2, 0, 5, 3);
    int[] tokens = new int[steps.rows()];
    for (int s = 0; s < 4; s++) {
      for (int t = 0; t < read[s].length; t++) {
        tokens[steps.row(t, s)] = read[s][t];
      }
    }
    var found = table.read(steps, tokens, before);
    for (int s = 0; s < 4; s++) {
      int[] own = history(table, END, 2 + s, 3 + s);
      for (int t = 0; t < read[s].length; t++) {
        table.read(read[s][t], own, 0);
        int row = steps.row(t, s);
        assertThat(Arrays.copyOfRange(found.rows(), 3 * row, 3 * row + 3)).isEqualTo(own);
      }
      assertThat(Arrays.copyOfRange(found.last(), 3 * s, 3 * s + 3)).isEqualTo(own);
    }
    assertThat(Arrays.copyOfRange(found.last(), 6, 9)).containsExactly(8, 9, 2);
    assertThat(Arrays.copyOfRange(found.last(), 9, 12)).containsExactly(END, 4, 3);
  }

  @Property(tries = 60)
  void countsAreReadAsTheyWereWritten(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 10) int order) {
    NgramCounts written = NgramCounts.of(text(20, seed), order);
    NgramCounts read = read(Json.write(written.toJson()));
    assertThat(read.order()).isEqualTo(order);
    assertThat(read.ngrams()).hasSameSizeAs(written.ngrams());
    int sum = 0;
    var distinct = new HashSet<String>();
    for (int i = 0; i < read.ngrams().size(); i++) {
      assertThat(read.ngrams().get(i).tokens()).isEqualTo(written.ngrams().get(i).tokens());
      assertThat(read.ngrams().get(i).count()).isEqualTo(written.ngrams().get(i).count());
      sum += read.ngrams().get(i).count();
      distinct.add(Arrays.toString(read.ngrams().get(i).tokens()));
    }
    assertThat(sum).isEqualTo((int) text(20, seed).size());
    assertThat(distinct).hasSameSizeAs(read.ngrams());
  }

  private static NgramCounts read(String json) {
    return NgramCounts.fromJson(Json.parse(json), TOKENS, END);
  }

  /** Of each n-gram: tokens shared with the one before, length, the others, count. */
  @ParameterizedTest
  @CsvSource({
    "3, '', there is no n-gram",
    "3, '0 3 4 5 6', end in the middle of one",
    "3, '0 3 4 5 29 1', cannot be one",
    "3, '0 3 4 1 5 1', cannot be one",
    "3, '0 2 4 5 1', cannot be one",
    "3, '0 4 1 2 3 4 1', an n-gram of 4 tokens",
    "3, '0 1 1 1', an n-gram of 1 tokens",
    "3, '1 3 4 5 1', '1 of them those of one of 0'",
    "3, '0 3 4 5 6 0', never occurs",
    "3, '0 3 4 5 6 1 0 3 4 5 5 1', out of order",
    "3, '0 3 4 5 6 1 0 3 4 5 6 1', out of order",
    "3, '0 3 4 5 6 255 255 255 255 255 1', too large",
    "3, '0 3 4 5 6 255 255 255 7', 'more than 1,500,000'",
    "1, '0 2 1 3 1', 'order is 1, not in 2 to 10'",
    "11, '0 2 1 3 1', 'order is 11, not in 2 to 10'",
  })
  void damagedCountsAreRefused(int order, String bytes, String message) {
    var numbers = bytes.isEmpty() ? new String[0] : bytes.split(" ", -1);
    byte[] counts = new byte[numbers.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = (byte) Integer.parseInt(numbers[i]);
    }
    String text = Base64.getEncoder().encodeToString(counts);
    String json = Json.write(Json.object("order", (long) order, "counts", text));
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> read("{\"order\":3,\"counts\":\"!\"}"))
        .isInstanceOf(JsonException.class);
  }
}
