package dev.unroll.bench.peers;

import java.nio.FloatBuffer;
import java.util.SplittableRandom;

/**
 * Samples tokens by the inverse of their distribution function. The peers write their probabilities
 * into memory that Java can access, which costs less than their own sampling operations.
 */
final class TokenDraw {

  private final SplittableRandom random = new SplittableRandom(1);
  private final float[] probabilities;

  TokenDraw(int vocabulary) {
    probabilities = new float[vocabulary];
  }

  /** Returns a random token with the given probabilities. */
  int draw(FloatBuffer distribution) {
    distribution.get(0, probabilities);
    double rest = random.nextDouble();
    for (int token = 0; token < probabilities.length; token++) {
      rest -= probabilities[token];
      if (rest < 0) {
        return token;
      }
    }
    return probabilities.length - 1; // the sum was rounded to a little less than 1
  }
}
