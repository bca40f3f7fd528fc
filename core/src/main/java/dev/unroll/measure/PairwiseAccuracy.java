package dev.unroll.measure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Pairs, of which the right one should have the greater score: how often it has, by category.
 *
 * @param <K> what names a category
 */
public final class PairwiseAccuracy<K> {

  private static final Count NONE = new Count(0, 0, 0, 0);

  private final Map<K, Count> categories = new LinkedHashMap<>();

  /** Counts no pair yet. */
  public PairwiseAccuracy() {}

  /**
   * How many of some pairs are right.
   *
   * @param right pairs whose right one has the greater score
   * @param ties pairs with two equal scores, which are not right
   * @param impossible those of the ties with two scores of minus infinity
   * @param pairs all
   */
  public record Count(int right, int ties, int impossible, int pairs) {

    /** Returns the share of the pairs that are right. */
    public double accuracy() {
      return (double) right / pairs;
    }

    private Count plus(Count other) {
      return new Count(
          right + other.right,
          ties + other.ties,
          impossible + other.impossible,
          pairs + other.pairs);
    }
  }

  /** Counts a pair: right if {@code right} has a greater score than {@code wrong}. */
  public void add(K category, double right, double wrong) {
    boolean tie = right == wrong;
    boolean impossible = tie && right == Double.NEGATIVE_INFINITY;
    var count = new Count(right > wrong ? 1 : 0, tie ? 1 : 0, impossible ? 1 : 0, 1);
    categories.merge(category, count, Count::plus);
  }

  /** Returns the count of each category, in the order in which they were first seen. */
  public Map<K, Count> categories() {
    return Collections.unmodifiableMap(categories);
  }

  /** Returns the count of all pairs. */
  public Count all() {
    return categories.values().stream().reduce(NONE, Count::plus);
  }
}
