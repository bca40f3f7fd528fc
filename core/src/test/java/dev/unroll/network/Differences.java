package dev.unroll.network;

import java.util.function.DoubleUnaryOperator;

/** Central differences of the fourth order, which are exact to some 10⁻¹⁰ of a loss near 1. */
public final class Differences {

  private static final double STEP = 1e-4;

  private Differences() {}

  /** Returns the derivative at 0 of what a change of one parameter makes of the loss. */
  public static double of(DoubleUnaryOperator loss) {
    double near = loss.applyAsDouble(STEP) - loss.applyAsDouble(-STEP);
    double far = loss.applyAsDouble(2 * STEP) - loss.applyAsDouble(-2 * STEP);
    return (8 * near - far) / (12 * STEP);
  }
}
