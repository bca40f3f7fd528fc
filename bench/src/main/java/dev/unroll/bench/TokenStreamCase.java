package dev.unroll.bench;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;

/** A language model that draws one token after the other. */
final class TokenStreamCase implements Contender.Prepared {

  TokenStreamCase(Case work) {
    throw new UnsupportedOperationException("to come " + work);
  }

  @Override
  public double[] numbers() {
    return new double[0];
  }

  @Override
  public void run() {}
}
