package dev.unroll.interop.chain;

/** What an axis of a value is. */
enum Axis {
  /** The first axis of the input. */
  FIRST,
  /** The second axis of the input. */
  SECOND,
  /** Both of them, one after the other. */
  BOTH,
  /** The numbers of a step. */
  FEATURE,
  /** Directions of a recurrent layer, or several layers. */
  WAY,
  /** Of length 1. */
  ONE
}
