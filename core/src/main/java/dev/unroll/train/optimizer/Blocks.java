package dev.unroll.train.optimizer;

/** Parameters are updated in blocks, each of which stays in the nearest cache. */
final class Blocks {

  /** Elements of a block. */
  static final int SIZE = 1024;

  private Blocks() {}
}
