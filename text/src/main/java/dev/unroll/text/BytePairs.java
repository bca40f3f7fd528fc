package dev.unroll.text;

import dev.unroll.text.primitive.IntSet;
import dev.unroll.text.primitive.LongIntMap;
import dev.unroll.text.primitive.LongList;
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

  /** Pairs are numbered as they are met. */
  private final LongIntMap pairNumbers = new LongIntMap();

  private final LongList pairs = new LongList();
  private final LongList pairCounts = new LongList();

  /** By the number of a pair, the words in which it may stand. */
  private final List<IntSet> places = new ArrayList<>();

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
      if (learner.count(next.pair) == next.count) { // otherwise the entry is outdated
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
    Arrays.stream(pairs.toArray()).forEach(this::offer);
  }

  private void offer(long pair) {
    long count = count(pair);
    if (count > 1) {
      queue.add(new Candidate(pair, count));
    }
  }

  private long count(long pair) {
    return pairCounts.get(number(pair));
  }

  private int number(long pair) {
    int number = pairNumbers.get(pair);
    if (number == LongIntMap.NONE) {
      number = pairs.size();
      pairNumbers.put(pair, number);
      pairs.add(pair);
      pairCounts.add(0);
      places.add(new IntSet());
    }
    return number;
  }

  /** Adds the pairs of a word to the counts, or removes them. */
  private void count(int word, int sign) {
    int[] ids = words.get(word);
    for (int i = 1; i < ids.length; i++) {
      if (ids[i - 1] >= 0 && ids[i] >= 0) {
        int number = number(pair(ids[i - 1], ids[i]));
        pairCounts.set(number, pairCounts.get(number) + sign * counts.get(word));
        if (sign > 0) {
          places.get(number).add(word);
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
    IntSet where = places.set(number(pair), new IntSet());
    var changed = new LongList();
    for (int word : where.toSortedArray()) {
      int[] before = words.get(word);
      count(word, -1);
      note(before, changed);
      words.set(word, replaced(before, left, right, made));
      count(word, 1);
      note(words.get(word), changed);
    }
    Arrays.stream(changed.toArray()).distinct().sorted().forEach(this::offer);
    return merge;
  }

  private static void note(int[] ids, LongList pairs) {
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
