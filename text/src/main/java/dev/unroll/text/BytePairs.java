package dev.unroll.text;

import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Learns byte-pair encoding (Gage 1994; Sennrich et al. 2016) on characters: begins with single
 * characters, and repeatedly merges the two tokens that stand side by side most often within words
 * into one. Of equally frequent pairs it takes the one whose tokens were created first.
 */
final class BytePairs {

  /** Two tokens that become one. */
  record Merge(String left, String right) {}

  private record Candidate(long pair, long count) {}

  private final List<String> tokens = new ArrayList<>();
  private final List<int[]> words = new ArrayList<>();
  private final List<Long> counts = new ArrayList<>();
  private final Long2LongOpenHashMap pairCounts = new Long2LongOpenHashMap();

  /** Words in which a pair may stand. */
  private final Long2ObjectOpenHashMap<IntOpenHashSet> places = new Long2ObjectOpenHashMap<>();

  private final PriorityQueue<Candidate> queue =
      new PriorityQueue<>(
          Comparator.comparingLong((Candidate candidate) -> -candidate.count)
              .thenComparingLong(Candidate::pair));

  private BytePairs() {}

  /**
   * Learns merges.
   *
   * @param characters the single characters that are tokens
   * @param words how often each word occurs
   * @param merges largest number of merges
   */
  static List<Merge> learn(List<String> characters, Map<String, Long> words, int merges) {
    var learner = new BytePairs();
    learner.begin(characters, words);
    var learned = new ArrayList<Merge>();
    while (learned.size() < merges) {
      Candidate next = learner.queue.poll();
      if (next == null || next.count < 2) {
        break;
      }
      if (learner.pairCounts.get(next.pair) == next.count) { // otherwise the entry is outdated
        learned.add(learner.merge(next.pair));
      }
    }
    return learned;
  }

  private void begin(List<String> characters, Map<String, Long> ofWords) {
    var ids = new HashMap<String, Integer>();
    for (String character : characters) {
      ids.put(character, tokens.size());
      tokens.add(character);
    }
    ofWords.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry -> {
              int[] word =
                  entry
                      .getKey()
                      .codePoints()
                      .map(c -> ids.getOrDefault(Character.toString(c), -1))
                      .toArray();
              words.add(word);
              counts.add(entry.getValue());
              count(words.size() - 1, 1);
            });
    pairCounts.keySet().longStream().forEach(this::offer);
  }

  private void offer(long pair) {
    long count = pairCounts.get(pair);
    if (count > 1) {
      queue.add(new Candidate(pair, count));
    }
  }

  /** Adds the pairs of a word to the counts, or removes them. */
  private void count(int word, int sign) {
    int[] ids = words.get(word);
    for (int i = 1; i < ids.length; i++) {
      if (ids[i - 1] >= 0 && ids[i] >= 0) {
        long pair = pair(ids[i - 1], ids[i]);
        pairCounts.addTo(pair, sign * counts.get(word));
        if (sign > 0) {
          places.computeIfAbsent(pair, key -> new IntOpenHashSet()).add(word);
        }
      }
    }
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  private Merge merge(long pair) {
    int left = (int) (pair >> 32);
    int right = (int) pair;
    int made = tokens.size();
    var merge = new Merge(tokens.get(left), tokens.get(right));
    tokens.add(merge.left + merge.right);
    IntOpenHashSet where = places.remove(pair);
    int[] sorted = where.toIntArray();
    Arrays.sort(sorted);
    var changed = new LongOpenHashSet();
    for (int word : sorted) {
      int[] before = words.get(word);
      count(word, -1);
      note(before, changed);
      words.set(word, replaced(before, left, right, made));
      count(word, 1);
      note(words.get(word), changed);
    }
    long[] pairs = changed.toLongArray();
    Arrays.sort(pairs);
    for (long each : pairs) {
      offer(each);
    }
    return merge;
  }

  private static void note(int[] ids, LongOpenHashSet pairs) {
    for (int i = 1; i < ids.length; i++) {
      if (ids[i - 1] >= 0 && ids[i] >= 0) {
        pairs.add(pair(ids[i - 1], ids[i]));
      }
    }
  }

  private static int[] replaced(int[] ids, int left, int right, int made) {
    int[] result = new int[ids.length];
    int count = 0;
    for (int i = 0; i < ids.length; i++) {
      boolean found = i + 1 < ids.length && ids[i] == left && ids[i + 1] == right;
      result[count++] = found ? made : ids[i];
      i += found ? 1 : 0;
    }
    return Arrays.copyOf(result, count);
  }
}
