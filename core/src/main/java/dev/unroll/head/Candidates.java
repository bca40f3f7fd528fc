package dev.unroll.head;

import dev.unroll.kernel.CounterRandom;
import java.util.BitSet;

/**
 * Tokens that stand for a whole vocabulary in a step of training. They are drawn from a
 * distribution that falls as the frequencies of words do (Zipf's law), of ids that are sorted by
 * frequency,
 *
 * <pre>{@code
 * P(k) = log((k + 2) / (k + 1)) / log(V + 1)
 * }</pre>
 *
 * until so many different ones are there.
 */
public final class Candidates {

  private final int vocabulary;
  private final int[] tokens;
  private final BitSet members;

  /** How often was drawn. */
  private final long draws;

  private Candidates(int vocabulary, BitSet members, long draws) {
    this.vocabulary = vocabulary;
    this.members = members;
    this.draws = draws;
    tokens = members.stream().toArray();
  }

  /** Draws {@code count} different tokens, fewer than a vocabulary has. */
  public static Candidates draw(CounterRandom random, int count, int vocabulary) {
    var members = new BitSet(vocabulary);
    double range = StrictMath.log(vocabulary + 1.0);
    long draws = 0;
    for (int found = 0; found < count; draws++) {
      int token = (int) (StrictMath.exp(random.uniform(draws) * range) - 1);
      if (token < vocabulary && !members.get(token)) {
        members.set(token);
        found++;
      }
    }
    return new Candidates(vocabulary, members, draws);
  }

  /** Returns the tokens, ascending. */
  public int[] tokens() {
    return tokens.clone();
  }

  /** Returns their number. */
  int size() {
    return tokens.length;
  }

  int token(int candidate) {
    return tokens[candidate];
  }

  /** Returns the place of a token among the candidates, or -1. */
  int place(int token) {
    return members.get(token) ? java.util.Arrays.binarySearch(tokens, token) : -1;
  }

  /**
   * Returns the logarithm of about how likely a token is to be among so many candidates: {@code 1 -
   * (1 - P)ⁿ} of n draws.
   */
  double logChance(int token) {
    double once = StrictMath.log1p(1.0 / (token + 1)) / StrictMath.log(vocabulary + 1.0);
    return StrictMath.log(-StrictMath.expm1(draws * StrictMath.log1p(-once)));
  }
}
