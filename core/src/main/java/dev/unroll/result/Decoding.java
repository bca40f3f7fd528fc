package dev.unroll.result;

import dev.unroll.base.InputException;

/**
 * How targets are looked for.
 *
 * @param beam beginnings that are kept at each step; 1 for the likeliest token always
 * @param lengthPower a of the length's penalty (Wu et al. 2016); 0 for none, so that the shorter
 *     ones win
 * @param longest most tokens of a target; 0 for twice as many as its source has, and 50
 * @param attention whether it is reported how much each token of the source counted
 * @param copy whether {@code <UNK>} may be written, and becomes the token of the source that
 *     counted most for it: names and numbers that the vocabulary does not have (Luong et al. 2015)
 */
public record Decoding(int beam, double lengthPower, int longest, boolean attention, boolean copy) {

  /** The likeliest token always. */
  public static final Decoding GREEDY = new Decoding(1, 0, 0, false, false);

  /** A beam of 5, with a length's penalty of 0.6 as in the paper. */
  public static final Decoding BEAM = new Decoding(5, 0.6, 0, false, false);

  /** Returns a beam of another width, otherwise {@link #BEAM}. */
  public static Decoding beam(int width) {
    return new Decoding(width, BEAM.lengthPower, BEAM.longest, BEAM.attention, BEAM.copy);
  }

  /** The same, with another penalty of the length. */
  public Decoding withLengthPower(double value) {
    return new Decoding(beam, value, longest, attention, copy);
  }

  /** The same, with so many tokens at most. */
  public Decoding withLongest(int value) {
    return new Decoding(beam, lengthPower, value, attention, copy);
  }

  /** The same, and it is reported how much each token of the source counted. */
  public Decoding withAttention() {
    return new Decoding(beam, lengthPower, longest, true, copy);
  }

  /** Checks the numbers. */
  public Decoding {
    if (beam < 1 || beam > 1000) {
      throw new InputException("the beam is " + beam, "It must be in 1 … 1,000.");
    }
    if (!(lengthPower >= 0 && lengthPower <= 10)) {
      throw new InputException("the length power is " + lengthPower, "It must be in [0, 10].");
    }
    if (longest < 0) {
      throw new InputException("the longest target is " + longest, "It must be 0 or more.");
    }
  }

  /** Returns the same with unknown words copied from the source, or not. */
  public Decoding withCopy(boolean value) {
    return new Decoding(beam, lengthPower, longest, attention, value);
  }

  /** Whether it has to be known how much each token of the source counted. */
  public boolean needsAttention() {
    return attention || copy;
  }
}
