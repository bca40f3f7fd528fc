package dev.unroll.bench.contender;

/** How an engine holds sentences of unequal lengths, if it has a choice. */
public enum Form {
  /** Only rows of words that are there. */
  PACKED,
  /** As many rows of each sentence as the longest of its batch has. */
  PADDED
}
