package dev.unroll.cells;

/**
 * Which memory cell the gates of an LSTM see through diagonal weights (Gers and Schmidhuber 2000).
 */
public enum Peepholes {
  /** None: the usual LSTM. */
  NONE,
  /** All three gates see c⟨t-1⟩, as in the course notes. */
  BEFORE,
  /** Update and forget gate see c⟨t-1⟩, the output gate c⟨t⟩: Gers and Schmidhuber, ONNX. */
  AFTER
}
