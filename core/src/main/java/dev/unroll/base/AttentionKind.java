package dev.unroll.base;

/** How a row of the source is weighed. */
public enum AttentionKind implements Labeled {
  /** By a hidden layer of its own. */
  ADDITIVE,
  /** By a bilinear form. */
  MULTIPLICATIVE;
}
