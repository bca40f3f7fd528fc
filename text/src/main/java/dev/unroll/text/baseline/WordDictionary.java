package dev.unroll.text.baseline;

import dev.unroll.primitive.IntList;
import dev.unroll.primitive.LongIntMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Translates word by word: each token of the source becomes the token of the target that it is most
 * probably translated by, where it stands. The baseline of encoder-decoders.
 *
 * <pre>{@code
 * t(f|e) by IBM model 1 (Brown et al. 1993): expectation and maximization of
 * P(f⟨1⟩ … f⟨m⟩ | e) = Π over j of Σ over i of t(f⟨j⟩ | e⟨i⟩) / (l + 1), e⟨0⟩ the empty word
 * }</pre>
 */
public final class WordDictionary {

  /** Rounds of expectation and maximization. */
  private static final int ROUNDS = 8;

  /** The empty word, e⟨0⟩. */
  private static final int EMPTY = 0;

  private final Map<String, String> best = new HashMap<>();

  /**
   * Learns from pairs.
   *
   * @param sources tokens of each source
   * @param targets tokens of the target of each
   */
  public WordDictionary(List<List<String>> sources, List<List<String>> targets) {
    var entries = new Entries();
    for (int s = 0; s < sources.size(); s++) {
      entries.add(sources.get(s), targets.get(s));
    }
    double[] probabilities = entries.estimate();
    double[] most = new double[entries.words.size()];
    for (int entry = 0; entry < probabilities.length; entry++) {
      int word = entries.source.get(entry);
      if (word != EMPTY && probabilities[entry] > most[word]) { // the first seen of equal ones
        most[word] = probabilities[entry];
        best.put(entries.words.get(word), entries.words.get(entries.target.get(entry)));
      }
    }
  }

  /** Returns the tokens of a source, each translated; one never seen stays as it is. */
  public List<String> translate(List<String> source) {
    return source.stream().map(word -> best.getOrDefault(word, word)).toList();
  }

  /** The pairs of words that stand in a source and its target, numbered as they are met. */
  private static final class Entries {
    final List<String> words = new ArrayList<>(List.of(""));
    private final Map<String, Integer> ids = new HashMap<>();
    private final LongIntMap numbers = new LongIntMap();
    final IntList source = new IntList();
    final IntList target = new IntList();

    /** For each token of each target the entries that can explain it, and how many these are. */
    private final IntList explaining = new IntList();

    private final IntList widths = new IntList();

    int count() {
      return source.size();
    }

    void add(List<String> sourceWords, List<String> targetWords) {
      int[] from = new int[sourceWords.size() + 1]; // the empty word first
      for (int i = 1; i < from.length; i++) {
        from[i] = id(sourceWords.get(i - 1));
      }
      for (String each : targetWords) {
        int to = id(each);
        for (int word : from) {
          explaining.add(number(word, to));
        }
        widths.add(from.length);
      }
    }

    private int id(String word) {
      int id = ids.getOrDefault(word, EMPTY);
      if (id == EMPTY) {
        id = words.size();
        ids.put(word, id);
        words.add(word);
      }
      return id;
    }

    private int number(int from, int to) {
      long key = (long) from << 32 | to;
      int number = numbers.get(key);
      if (number < 0) {
        number = count();
        numbers.put(key, number);
        source.add(from);
        target.add(to);
      }
      return number;
    }

    /** Returns t(f|e) of each entry; the first round takes all as equally probable. */
    double[] estimate() {
      double[] probabilities = new double[count()];
      Arrays.fill(probabilities, 1);
      for (int round = 0; round < ROUNDS; round++) {
        double[] shares = expected(probabilities);
        double[] ofSource = new double[words.size()];
        for (int entry = 0; entry < shares.length; entry++) {
          ofSource[source.get(entry)] += shares[entry];
        }
        for (int entry = 0; entry < shares.length; entry++) {
          probabilities[entry] = shares[entry] / ofSource[source.get(entry)];
        }
      }
      return probabilities;
    }

    private double[] expected(double[] probabilities) {
      double[] shares = new double[count()];
      int at = 0;
      for (int width : widths.toArray()) {
        double all = 0;
        for (int i = at; i < at + width; i++) {
          all += probabilities[explaining.get(i)];
        }
        for (int i = at; i < at + width; i++) {
          int entry = explaining.get(i);
          shares[entry] += probabilities[entry] / all;
        }
        at += width;
      }
      return shares;
    }
  }
}
