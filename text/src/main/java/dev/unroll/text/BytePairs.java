package dev.unroll.text;

import dev.unroll.primitive.IntList;
import dev.unroll.primitive.LongIntMap;
import dev.unroll.primitive.LongList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;

/**
 * Learns byte-pair encoding (Gage 1994; Sennrich et al. 2016) on characters: begins with single
 * characters, and repeatedly merges the two tokens that stand side by side most often within words
 * into one. Of equally frequent pairs it takes the one whose tokens were created first.
 */
final class BytePairs {

  /** Two tokens that become one. */
  record Merge(String left, String right) {}

  private record Candidate(long pair, long count) {}

  /** No token: of a character that is none, or of one that was merged into the one before it. */
  private static final int NONE = -1;

  private final List<String> tokens = new ArrayList<>();

  /** The tokens of all words, each where its first character was. */
  private int[] ids = {};

  /** Of each token the place of the next and of the one before; {@link #NONE} at ends of words. */
  private int[] next = {};

  private int[] before = {};

  /** Of each place how often its word occurs. */
  private long[] counts = {};

  /** Pairs are numbered as they are met. */
  private final LongIntMap pairNumbers = new LongIntMap();

  private final LongList pairs = new LongList();
  private final LongList pairCounts = new LongList();

  /** By the number of a pair, where its left token may stand. */
  private final List<IntList> places = new ArrayList<>();

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

  private void begin(List<String> characters, Map<String, Long> words) {
    var known = new HashMap<String, Integer>();
    for (String character : characters) {
      known.put(character, tokens.size());
      tokens.add(character);
    }
    long size =
        words.keySet().stream().mapToLong(word -> word.codePointCount(0, word.length())).sum();
    ids = new int[Math.toIntExact(size)];
    next = new int[ids.length];
    before = new int[ids.length];
    counts = new long[ids.length];
    int at = 0;
    for (String word : new TreeSet<>(words.keySet())) {
      int start = at;
      for (int i = 0; i < word.length(); i += Character.charCount(word.codePointAt(i))) {
        ids[at] = known.getOrDefault(Character.toString(word.codePointAt(i)), NONE);
        before[at] = at == start ? NONE : at - 1;
        next[at] = at + 1;
        counts[at] = words.getOrDefault(word, 0L);
        at++;
      }
      if (at > start) {
        next[at - 1] = NONE;
      }
    }
    for (int place = 0; place < ids.length; place++) {
      count(place, 1, new LongList());
    }
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
      places.add(new IntList());
    }
    return number;
  }

  /** Adds the pair that begins at a place to the counts, or removes it. */
  private void count(int place, int sign, LongList changed) {
    if (place == NONE || next[place] == NONE) {
      return;
    }
    int left = ids[place];
    int right = ids[next[place]];
    if (left != NONE && right != NONE) {
      long pair = pair(left, right);
      int number = number(pair);
      pairCounts.set(number, pairCounts.get(number) + sign * counts[place]);
      changed.add(pair);
      if (sign > 0) {
        places.get(number).add(place);
      }
    }
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  /** Merges a pair from left to right wherever it stands; only its neighbors change. */
  private Merge merge(long pair) {
    int left = (int) (pair >> 32);
    int right = (int) pair;
    int made = tokens.size();
    var merge = new Merge(tokens.get(left), tokens.get(right));
    tokens.add(merge.left + merge.right);
    int[] sorted = places.set(number(pair), new IntList()).toArray();
    Arrays.sort(sorted);
    var changed = new LongList();
    for (int place : sorted) {
      int second = next[place];
      if (ids[place] == left && second != NONE && ids[second] == right) { // still there
        merge(place, second, made, changed);
      }
    }
    Arrays.stream(changed.toArray()).distinct().sorted().forEach(this::offer);
    return merge;
  }

  private void merge(int place, int second, int made, LongList changed) {
    count(before[place], -1, changed);
    count(place, -1, changed);
    count(second, -1, changed);
    ids[place] = made;
    ids[second] = NONE;
    next[place] = next[second];
    if (next[place] != NONE) {
      before[next[place]] = place;
    }
    next[second] = NONE;
    count(before[place], 1, changed);
    count(place, 1, changed);
  }
}
