package dev.unroll.task.lm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rescoring of n-best lists, as a speech recognizer or a translator gives them: of each list the
 * hypothesis wins whose {@code other + weight · model} is greatest.
 */
public final class Rescoring {

  private Rescoring() {}

  /**
   * One hypothesis.
   *
   * @param list the list that it belongs to
   * @param text what it says
   * @param other its score from elsewhere: the greater, the better
   * @param model its log-probability by a language model
   * @param errors its number of errors, where it is known; 0 is right
   */
  public record Hypothesis(String list, String text, double other, double model, double errors) {
    /** Returns the score under a weight; at 0 the model says nothing, not even «impossible». */
    public double score(double weight) {
      return weight == 0 ? other : other + weight * model;
    }
  }

  /** Returns the hypotheses by list, lists and hypotheses in the order in which they come. */
  public static Map<String, List<Hypothesis>> lists(List<Hypothesis> hypotheses) {
    var lists = new LinkedHashMap<String, List<Hypothesis>>();
    for (Hypothesis each : hypotheses) {
      lists.computeIfAbsent(each.list, list -> new ArrayList<>()).add(each);
    }
    return lists;
  }

  /**
   * Returns a list with the best first; those with the same score stay as they are, but those that
   * the model finds equally impossible are ordered by the other score.
   */
  public static List<Hypothesis> ranked(List<Hypothesis> list, double weight) {
    return list.stream()
        .sorted(
            Comparator.comparingDouble((Hypothesis each) -> -each.score(weight))
                .thenComparingDouble(
                    each -> Double.isInfinite(each.score(weight)) ? -each.other : 0))
        .toList();
  }

  /** Returns the errors of all winners. */
  public static double errors(List<Hypothesis> hypotheses, double weight) {
    return lists(hypotheses).values().stream()
        .mapToDouble(list -> ranked(list, weight).getFirst().errors)
        .sum();
  }

  /**
   * Returns the weight, 0 or more, whose winners have the fewest errors, by an exact search (Och
   * 2003): each list has another winner only where two scores are equal, so that the errors change
   * at finitely many weights. Of all best weights it is the middle of the widest interval, the
   * lowest of equally wide ones.
   */
  public static double tune(List<Hypothesis> known) {
    var changes = new TreeMap<Double, Double>();
    double errors = 0;
    for (List<Hypothesis> list : lists(known).values()) {
      Hypothesis winner = winnerAtZero(list);
      errors += winner.errors;
      Change change = next(list, winner, 0);
      while (change != null) {
        changes.merge(change.weight, change.winner.errors - winner.errors, Double::sum);
        winner = change.winner;
        change = next(list, winner, change.weight);
      }
    }
    double best = errors;
    double from = 0;
    double to = changes.isEmpty() ? 2 : changes.firstKey();
    double begin = 0;
    for (Map.Entry<Double, Double> change : changes.entrySet()) {
      begin = change.getKey();
      errors += change.getValue();
      Double above = changes.higherKey(begin);
      double end = above == null ? 2 * begin + 1 : above;
      if (errors < best - 1e-9 || (errors <= best + 1e-9 && end - begin > to - from)) {
        best = Math.min(best, errors);
        from = begin;
        to = end;
      }
    }
    return (from + to) / 2;
  }

  /** Just above the weight 0: of equal scores the more probable text. */
  private static Hypothesis winnerAtZero(List<Hypothesis> list) {
    Hypothesis winner = list.getFirst();
    for (Hypothesis each : list) {
      boolean better = each.other > winner.other;
      if (better || (each.other == winner.other && each.model > winner.model)) {
        winner = each;
      }
    }
    return winner;
  }

  private record Change(double weight, Hypothesis winner) {}

  /** The first hypothesis that overtakes the winner above a weight, or null. */
  private static @Nullable Change next(List<Hypothesis> list, Hypothesis winner, double weight) {
    Change first = null;
    for (Hypothesis each : list) {
      if (each.model > winner.model) {
        double at = Math.max(weight, (winner.other - each.other) / (each.model - winner.model));
        if (first == null
            || at < first.weight
            || (at == first.weight && each.model > first.winner.model)) {
          first = new Change(at, each);
        }
      }
    }
    return first;
  }
}
