package dev.unroll.kernel;

import java.io.Serializable;

/**
 * Counter-based random numbers: the number at an index is a hash of (seed, purpose, step, index),
 * so there is no generator whose state would have to be kept, and any thread may ask for any index.
 * The hash is SplitMix64 (Steele, Lea and Flood 2014), whose n-th output is a mix of start + n·γ.
 */
public final class CounterRandom implements Serializable {

  private static final long serialVersionUID = 1L;

  /** What random numbers are drawn for; each purpose has numbers of its own. */
  public enum Purpose {
    /** First values of the parameters. */
    INITIALIZATION(1),
    /** Elements that dropout removes. */
    DROPOUT(2),
    /** The order of sentences in an epoch. */
    SHUFFLE(3),
    /** Tokens drawn from a model. */
    SAMPLING(4),
    /** Where a stream is cut in an epoch. */
    WINDOWS(5),
    /** Which sequences are held out, to choose a network or to test it. */
    PARTS(6),
    /** Which lanes of a stream begin anew. */
    RESETS(7),
    /** Settings of the trials of a search. */
    TRIALS(8);

    /** Part of the hash: the number of a purpose never changes. */
    private final long number;

    Purpose(long number) {
      this.number = number;
    }
  }

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private final long key;

  private CounterRandom(long key) {
    this.key = key;
  }

  /** Returns the numbers of a purpose at a step, an epoch or whatever {@code step} counts. */
  public static CounterRandom of(long seed, Purpose purpose, long step) {
    long key = mix(seed + GAMMA);
    key = mix(key + purpose.number * GAMMA);
    return new CounterRandom(mix(key + step * GAMMA));
  }

  /** Returns further numbers, independent of these, for part {@code index} of the same purpose. */
  public CounterRandom part(long index) {
    return new CounterRandom(mix(~key + index * GAMMA));
  }

  /** Returns 64 random bits. */
  public long bits(long index) {
    return mix(key + (index + 1) * GAMMA);
  }

  /** Returns a number in [0, 1), a multiple of 2⁻⁵³. */
  public double uniform(long index) {
    return (bits(index) >>> 11) * 0x1p-53;
  }

  /** Returns a number in [0, bound); the bias is below bound·2⁻⁶⁴. */
  public long below(long index, long bound) {
    return Math.unsignedMultiplyHigh(bits(index), bound);
  }

  /**
   * Puts numbers into a random order (Fisher and Yates 1938), with the numbers from 1 to their
   * count.
   */
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int other = (int) below(i, i + 1);
      int kept = values[i];
      values[i] = values[other];
      values[other] = kept;
    }
  }

  /** Returns a number of the standard normal distribution (Box and Muller 1958). */
  public double gaussian(long index) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(2 * index)));
    return radius * StrictMath.cos(2 * Math.PI * uniform(2 * index + 1));
  }

  private static long mix(long z) {
    long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }
}
