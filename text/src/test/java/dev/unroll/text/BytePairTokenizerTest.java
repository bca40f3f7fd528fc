package dev.unroll.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.batch.TokenizerFormat;
import dev.unroll.file.Json;
import dev.unroll.text.BytePairs.Merge;
import dev.unroll.text.Segmentation.Unit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BytePairTokenizerTest {

  /** The example of Sennrich et al. (2016), with our mark at the front. */
  private static final Map<String, Long> WORDS =
      Map.of("▁low", 5L, "▁lower", 2L, "▁newest", 6L, "▁widest", 3L);

  private static Corpus.Options options(int vocabulary) {
    return new Corpus.Options(Segmentation.of(Unit.BYTE_PAIRS), vocabulary, 1, false);
  }

  @Test
  void theExampleOfThePaper() {
    // «e s» 9 times, «es t» 9; then «▁ l», «l o» and «o w» 7 times each, ▁ and o before the others.
    var merges = BytePairTokenizer.learn(WORDS, false, 100, 1).describe().get("merges");
    assertThat((List<?>) merges).asString().startsWith("[e, s, es, t, ▁, l, o, w, ▁l, ow, ");
  }

  /** The definition: count all pairs again after each merge. */
  private static List<Merge> slowly(List<String> characters, Map<String, Long> words, int most) {
    var order = new ArrayList<>(characters);
    var cut = new HashMap<String, List<String>>();
    words.keySet().forEach(w -> cut.put(w, new ArrayList<>(Arrays.asList(w.split("")))));
    var merges = new ArrayList<Merge>();
    while (merges.size() < most) {
      var counts = new HashMap<Merge, Long>();
      cut.forEach(
          (word, parts) -> {
            for (int i = 1; i < parts.size(); i++) {
              counts.merge(new Merge(parts.get(i - 1), parts.get(i)), words.get(word), Long::sum);
            }
          });
      Merge best = null;
      for (var entry : counts.entrySet()) {
        if (entry.getValue() > 1 && (best == null || before(entry.getKey(), best, counts, order))) {
          best = entry.getKey();
        }
      }
      if (best == null) {
        break;
      }
      Merge found = best;
      merges.add(found);
      order.add(found.left() + found.right());
      cut.values().forEach(parts -> apply(found, parts));
    }
    return merges;
  }

  private static boolean before(Merge a, Merge b, Map<Merge, Long> counts, List<String> order) {
    int byCount = Long.compare(counts.get(b), counts.get(a));
    int byLeft = Integer.compare(order.indexOf(a.left()), order.indexOf(b.left()));
    int byRight = Integer.compare(order.indexOf(a.right()), order.indexOf(b.right()));
    return byCount != 0 ? byCount < 0 : byLeft != 0 ? byLeft < 0 : byRight < 0;
  }

  private static void apply(Merge merge, List<String> parts) {
    for (int i = 1; i < parts.size(); i++) {
      if (parts.get(i - 1).equals(merge.left()) && parts.get(i).equals(merge.right())) {
        parts.set(i - 1, merge.left() + merge.right());
        parts.remove(i);
      }
    }
  }

  @Test
  void learningFastIsLearningByTheDefinition() {
    var random = new Random(5);
    for (int trial = 0; trial < 30; trial++) {
      var words = new HashMap<String, Long>();
      for (int i = 0; i < 40; i++) {
        var word = new StringBuilder();
        for (int length = 1 + random.nextInt(7); length > 0; length--) {
          word.append((char) ('a' + random.nextInt(4)));
        }
        words.merge(word.toString(), 1L + random.nextInt(5), Long::sum);
      }
      var characters = List.of("a", "b", "c", "d");
      // A token can be made in two ways; then the two differ in what was made first.
      var fast = BytePairs.learn(characters, words, 12);
      var slow = slowly(characters, words, 12);
      int same = 0;
      while (same < Math.min(fast.size(), slow.size()) && fast.get(same).equals(slow.get(same))) {
        same++;
      }
      boolean twice =
          slow.stream().limit(same + 1L).map(m -> m.left() + m.right()).distinct().count() <= same;
      assertThat(same == slow.size() || twice).as("%s, not %s", fast, slow).isTrue();
    }
  }

  @Test
  void textComesBackAndTheTokenizerFromItsDescription() {
    var lines = List.of("the lowest  newest river", "The widest lower 漢字 low", "lower and lower");
    var tokenizer = Corpus.of(lines, options(60)).tokenizer();
    assertThat(tokenizer.size()).isLessThanOrEqualTo(60);
    var again = TokenizerFormat.find(Json.parse(Json.write(tokenizer.describe())));
    for (String line : lines) {
      int[] ids = tokenizer.encode(line);
      assertThat(tokenizer.decode(ids)).isEqualTo(line.replaceAll(" +", " "));
      assertThat(again.encode(line)).isEqualTo(ids);
      assertThat(ids).doesNotContain(tokenizer.unknown());
    }
    assertThat(tokenizer.encode("lower")).hasSizeLessThan(5);
    assertThat(tokenizer.encode("ж")).contains(tokenizer.unknown());
    assertThat(tokenizer.encode("")).isEmpty();
    assertThat(tokenizer.decode(new int[] {tokenizer.encode("low")[0], 1})).endsWith("\n");
  }
}
