package dev.unroll.task;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Translates word by word: each token of the source becomes the token of the target that it is most
 * probably translated by, where it stands. The yardstick of encoder-decoders.
 *
 * <pre>{@code
 * t(f|e) by IBM model 1 (Brown et al. 1993): expectation and maximisation of
 * P(f⟨1⟩ … f⟨m⟩ | e) = Π over j of Σ over i of t(f⟨j⟩ | e⟨i⟩) / (l + 1), e⟨0⟩ the empty word
 * }</pre>
 */
public final class WordDictionary {

  /** Rounds of expectation and maximisation. */
  private static final int ROUNDS = 8;

  /** The empty word, e⟨0⟩: tokens have no white space. */
  private static final String EMPTY = " ";

  private final Map<String, String> best = new HashMap<>();

  /**
   * Learns from pairs.
   *
   * @param sources tokens of each source
   * @param targets tokens of the target of each
   */
  public WordDictionary(List<List<String>> sources, List<List<String>> targets) {
    Map<String, Map<String, Double>> table = null;
    for (int round = 0; round < ROUNDS; round++) {
      table = improved(sources, targets, table);
    }
    if (table != null) {
      table.forEach((source, of) -> best.put(source, mostProbable(of)));
    }
  }

  /** One round; the first takes all translations as equally probable. */
  private static Map<String, Map<String, Double>> improved(
      List<List<String>> sources,
      List<List<String>> targets,
      @Nullable Map<String, Map<String, Double>> table) {
    var counts = new HashMap<String, Map<String, Double>>();
    for (int s = 0; s < sources.size(); s++) {
      for (String target : targets.get(s)) {
        double all = probability(table, EMPTY, target);
        for (String source : sources.get(s)) {
          all += probability(table, source, target);
        }
        add(counts, EMPTY, target, probability(table, EMPTY, target) / all);
        for (String source : sources.get(s)) {
          add(counts, source, target, probability(table, source, target) / all);
        }
      }
    }
    for (var of : counts.values()) {
      double sum = 0;
      for (double each : of.values()) {
        sum += each;
      }
      double total = sum;
      of.replaceAll((target, count) -> count / total);
    }
    return counts;
  }

  private static double probability(
      @Nullable Map<String, Map<String, Double>> table, String source, String target) {
    if (table == null) {
      return 1;
    }
    return table.getOrDefault(source, Map.of()).getOrDefault(target, 0.0);
  }

  /** Sorted by target, so that sums have one order. */
  private static void add(
      Map<String, Map<String, Double>> counts, String source, String target, double share) {
    counts.computeIfAbsent(source, key -> new TreeMap<>()).merge(target, share, Double::sum);
  }

  private static String mostProbable(Map<String, Double> of) {
    String found = EMPTY;
    double most = -1;
    for (var each : of.entrySet()) {
      if (each.getValue() > most) {
        found = each.getKey();
        most = each.getValue();
      }
    }
    return found;
  }

  /** Returns the tokens of a source, each translated; one never seen stays as it is. */
  public String translate(List<String> source) {
    return source.stream()
        .map(word -> best.getOrDefault(word, word))
        .collect(Collectors.joining(" "));
  }
}
