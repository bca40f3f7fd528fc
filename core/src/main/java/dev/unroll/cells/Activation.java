package dev.unroll.cells;

/** The function g1 of a basic recurrent layer. */
public enum Activation {
  /** The hyperbolic tangent. */
  TANH,
  /** max(z, 0). */
  RELU
}
