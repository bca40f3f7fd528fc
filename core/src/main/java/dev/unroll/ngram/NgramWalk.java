package dev.unroll.ngram;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reads sentences token by token for an {@link NgramTable}. A {@link Position} finds its contexts
 * from those of the one before, without a search for histories: many ways to go on can be tried.
 */
public final class NgramWalk {

  private final List<NgramLevel> levels;
  private final double each;
  private final Position start;

  /** For each level but the last, what contexts become by one token more. */
  private final List<int[]> longer;

  /** Prepares to read. */
  public NgramWalk(NgramTable table) {
    levels = table.levels();
    each = 1.0 / table.vocabulary();
    longer =
        IntStream.range(1, levels.size())
            .mapToObj(n -> levels.get(n - 1).longer(levels.get(n)))
            .toList();
    start = new Position(table.contextsAtStart());
  }

  /** Returns where a sentence begins. */
  public Position start() {
    return start;
  }

  /** What was read last, as far as it occurs in the text: a context of 0, 1, 2 … tokens. */
  public final class Position {
    private final int[] contexts;

    private Position(int[] contexts) {
      this.contexts = contexts;
    }

    /** Returns where one more token leads to, which is not the end. */
    public Position next(int token) {
      int[] next = new int[Math.min(contexts.length + 1, levels.size())];
      for (int n = 1; n < next.length; n++) {
        int place = levels.get(n - 1).place(contexts[n - 1], token);
        next[n] = place < 0 ? NgramLevel.NONE : longer.get(n - 1)[place];
        if (next[n] == NgramLevel.NONE) {
          return new Position(Arrays.copyOf(next, n));
        }
      }
      return new Position(next);
    }

    /** Returns the probability of a token. */
    public double probability(int token) {
      double probability = each;
      for (int n = 0; n < contexts.length; n++) {
        NgramLevel level = levels.get(n);
        double rest = level.rest(contexts[n]) * probability;
        probability = rest + level.share(level.place(contexts[n], token));
      }
      return probability;
    }

    /**
     * Finds the probabilities of some tokens with successive ids, the same bits as one by one.
     *
     * @param first the first of them
     * @param probabilities is filled
     */
    public void probabilities(int first, double[] probabilities) {
      Arrays.fill(probabilities, each);
      for (int n = 0; n < contexts.length; n++) {
        NgramLevel level = levels.get(n);
        double rest = level.rest(contexts[n]);
        for (int i = 0; i < probabilities.length; i++) {
          probabilities[i] *= rest;
        }
        level.add(contexts[n], first, probabilities);
      }
    }
  }
}
