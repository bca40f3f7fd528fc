package dev.unroll.base;

/** How a sequence becomes one vector. */
public enum PoolingKind implements Labeled {
  /** The last output. */
  LAST,
  /** The mean over the steps. */
  MEAN,
  /** The greatest of each element. */
  MAX,
  /** A mean whose weights the network chooses. */
  ATTENTION;
}
