package dev.unroll.result;

import dev.unroll.base.InputException;

/**
 * How targets are searched.
 *
 * @param beam hypotheses that are kept at each step; 1 is greedy
 * @param lengthPower a of the length penalty (Wu et al. 2016); 0 for none, so that short targets
 *     win
 * @param longest maximum number of tokens in a target; 0 for 50 plus twice the number in its source
 * @param attention whether it is reported how much each token of the source counted
 * @param copy whether {@code <UNK>} may be written, and becomes the token of the source that
 *     counted most for it: names and numbers that the vocabulary does not have (Luong et al. 2015)
 */
public record Decoding(int beam, double lengthPower, int longest, boolean attention, boolean copy) {

  /** Greedy: always the likeliest token. */
  public static final Decoding GREEDY = new Decoding(1, 0, 0, false, false);

  /** A beam of 5, with a length penalty of 0.6 as in the paper. */
  public static final Decoding BEAM = new Decoding(5, 0.6, 0, false, false);

  /** Returns a beam of another width, otherwise {@link #BEAM}. */
  public static Decoding beam(int width) {
    return new Decoding(width, BEAM.lengthPower, BEAM.longest, BEAM.attention, BEAM.copy);
  }

  /** Returns the same with another length penalty. */
  public Decoding withLengthPower(double value) {
    return new Decoding(beam, value, longest, attention, copy);
  }

  /** Returns the same with another maximum number of tokens. */
  public Decoding withLongest(int value) {
    return new Decoding(beam, lengthPower, value, attention, copy);
  }

  /** Returns the same with attention weights reported. */
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

  /** Returns whether attention weights are needed. */
  public boolean needsAttention() {
    return attention || copy;
  }
}
