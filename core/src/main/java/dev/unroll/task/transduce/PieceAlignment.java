package dev.unroll.task.transduce;

import dev.unroll.primitive.IntList;
import dev.unroll.primitive.LongIntMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts pairs of a source and a target into pieces: a symbol of the source with the symbols of the
 * target, none to {@value #LONGEST}, that it stands for.
 *
 * <pre>{@code
 * P(source, target) = Σ over all ways to cut of Π P(piece)      by expectation and maximization
 * α⟨i,j⟩ = Σ over c of α⟨i-1,j-c⟩ P(s⟨i⟩, t⟨j-c+1⟩ … t⟨j⟩)        and β from the end
 * }</pre>
 *
 * Jiampojamarn et al. 2007, with one symbol of the source in each piece.
 */
final class PieceAlignment {

  /** Most symbols of the target in a piece. */
  static final int LONGEST = 2;

  /** Rounds of expectation and maximization. */
  static final int ROUNDS = 10;

  /** A symbol of the source and what it becomes. */
  record Piece(int source, List<Integer> target) {}

  private final Numbers pieces = new Numbers();
  private final boolean tooLarge;
  private double[] probabilities = {};

  /** The pieces that each pair can be cut into. */
  private final List<Lattice> lattices = new ArrayList<>();

  /**
   * Prepares the cutting of pairs; those whose target is too long for their source are left out.
   *
   * @param most pieces at most; of more nothing is cut
   */
  PieceAlignment(List<int[]> sources, List<int[]> targets, int most) {
    for (int s = 0; s < sources.size() && pieces.count() <= most; s++) {
      int length = sources.get(s).length;
      if (length > 0 && targets.get(s).length <= LONGEST * length) {
        lattices.add(lattice(sources.get(s), targets.get(s)));
      }
    }
    tooLarge = pieces.count() > most;
    if (!tooLarge) {
      probabilities = new double[pieces.count()];
      Arrays.fill(probabilities, 1);
      for (int round = 0; round < ROUNDS; round++) {
        improve();
      }
    }
  }

  /** Returns whether there are more pieces than there may be. */
  boolean isTooLarge() {
    return tooLarge;
  }

  /** Returns the pieces of each pair, cut in the most probable way. */
  List<List<Piece>> cut() {
    return lattices.stream().map(each -> each.best(probabilities)).toList();
  }

  /** Returns how many pieces are tried to cut a pair. */
  static long places(int source, int target) {
    return source * (target + 1L) * (LONGEST + 1);
  }

  private Lattice lattice(int[] source, int[] target) {
    var lattice = new Lattice(source.length, target.length);
    for (int i = 0; i < source.length; i++) {
      for (int j = 0; j <= target.length; j++) {
        for (int c = 0; c <= Math.min(j, LONGEST); c++) {
          lattice.numbers[lattice.at(i, j, c)] = pieces.of(source[i], target, j - c, j);
        }
      }
    }
    return lattice;
  }

  /** All pieces that pairs can be cut into, which may be many, numbered as they are met. */
  private static final class Numbers {
    private static final int NONE = -1;

    /** The numbers of what symbols may become, by both symbols of that. */
    private final LongIntMap targets = new LongIntMap();

    private final IntList firsts = new IntList();
    private final IntList seconds = new IntList();

    /** The numbers of pieces, by the symbol of the source and the number of what it becomes. */
    private final LongIntMap numbers = new LongIntMap();

    private final IntList sourceOf = new IntList();
    private final IntList targetOf = new IntList();

    int count() {
      return sourceOf.size();
    }

    /** Returns the number of a piece whose target symbols stand from {@code from} to {@code to}. */
    int of(int source, int[] target, int from, int to) {
      int first = to > from ? target[from] : NONE;
      int second = to > from + 1 ? target[from + 1] : NONE;
      int become = target(first, second);
      long key = (long) source << 32 | become;
      int known = numbers.get(key);
      if (known != LongIntMap.NONE) {
        return known;
      }
      numbers.put(key, count());
      sourceOf.add(source);
      targetOf.add(become);
      return count() - 1;
    }

    private int target(int first, int second) {
      long key = (first + 1L) << 32 | (second + 1L);
      int known = targets.get(key);
      if (known != LongIntMap.NONE) {
        return known;
      }
      targets.put(key, firsts.size());
      firsts.add(first);
      seconds.add(second);
      return firsts.size() - 1;
    }

    Piece piece(int number) {
      int become = targetOf.get(number);
      int first = firsts.get(become);
      int second = seconds.get(become);
      List<Integer> target =
          second != NONE
              ? List.of(first, second)
              : first != NONE ? List.of(first) : List.<Integer>of();
      return new Piece(sourceOf.get(number), target);
    }
  }

  private void improve() {
    double[] shares = new double[pieces.count()];
    lattices.forEach(each -> each.addShares(probabilities, shares));
    double sum = Arrays.stream(shares).sum();
    for (int p = 0; p < shares.length; p++) {
      shares[p] /= sum;
    }
    probabilities = shares;
  }

  /** All ways to cut a pair. */
  private final class Lattice {
    private final int sources;
    private final int targets;
    private final int[] numbers;

    Lattice(int sources, int targets) {
      this.sources = sources;
      this.targets = targets;
      this.numbers = new int[sources * (targets + 1) * (LONGEST + 1)];
    }

    /** Returns where the piece is that stands for the c target symbols before j of source i. */
    private int at(int i, int j, int c) {
      return (i * (targets + 1) + j) * (LONGEST + 1) + c;
    }

    /** Adds how often each piece is expected. */
    void addShares(double[] probability, double[] shares) {
      double[][] ahead = new double[sources + 1][targets + 1];
      ahead[0][0] = 1;
      for (int i = 0; i < sources; i++) {
        for (int j = 0; j <= targets; j++) {
          for (int c = 0; c <= Math.min(j, LONGEST); c++) {
            ahead[i + 1][j] += ahead[i][j - c] * probability[numbers[at(i, j, c)]];
          }
        }
        scale(ahead[i + 1]);
      }
      double[] after = new double[targets + 1];
      after[targets] = 1;
      for (int i = sources - 1; i >= 0; i--) {
        after = addShares(i, ahead[i], after, probability, shares);
      }
    }

    /** The shares at one symbol of the source, which add up to 1; returns β before it. */
    private double[] addShares(
        int i, double[] ahead, double[] after, double[] probability, double[] shares) {
      double[] before = new double[targets + 1];
      double all = 0;
      for (int j = 0; j <= targets; j++) {
        for (int c = 0; c <= Math.min(j, LONGEST); c++) {
          double rest = probability[numbers[at(i, j, c)]] * after[j];
          before[j - c] += rest;
          all += ahead[j - c] * rest;
        }
      }
      if (all == 0) { // what is left of a pair is too small to be a number
        return before;
      }
      for (int j = 0; j <= targets; j++) {
        for (int c = 0; c <= Math.min(j, LONGEST); c++) {
          int number = numbers[at(i, j, c)];
          shares[number] += ahead[j - c] * probability[number] * after[j] / all;
        }
      }
      scale(before);
      return before;
    }

    /** Keeps the numbers away from 0; the shares do not depend on their size. */
    private static void scale(double[] values) {
      double sum = Arrays.stream(values).sum();
      for (int j = 0; j < values.length && sum > 0; j++) {
        values[j] /= sum;
      }
    }

    List<Piece> best(double[] probability) {
      int[][] chosen = new int[sources][targets + 1];
      double[] ahead = new double[targets + 1];
      Arrays.fill(ahead, 1, targets + 1, Double.NEGATIVE_INFINITY);
      for (int i = 0; i < sources; i++) {
        double[] next = new double[targets + 1];
        Arrays.fill(next, Double.NEGATIVE_INFINITY);
        for (int j = 0; j <= targets; j++) {
          for (int c = 0; c <= Math.min(j, LONGEST); c++) {
            double own = Math.max(Double.MIN_NORMAL, probability[numbers[at(i, j, c)]]);
            double score = ahead[j - c] + StrictMath.log(own);
            if (score > next[j]) {
              next[j] = score;
              chosen[i][j] = c;
            }
          }
        }
        ahead = next;
      }
      var cut = new Piece[sources];
      int j = targets;
      for (int i = sources - 1; i >= 0; i--) {
        int c = chosen[i][j];
        cut[i] = pieces.piece(numbers[at(i, j, c)]);
        j -= c;
      }
      return List.of(cut);
    }
  }
}
