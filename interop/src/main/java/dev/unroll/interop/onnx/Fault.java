package dev.unroll.interop.onnx;

/** Known bugs of exported models, each with its fix. */
public enum Fault {
  /** A PyTorch GRU without the attribute that tells where its reset gate acts. */
  GRU_RESET,
  /** Sequences before steps, layout 1, which ONNX Runtime refuses. */
  LAYOUT,
  /** A constant initial state, which fixes the batch size. */
  CONSTANT_STATE,
  /** A fixed batch size. */
  FIXED_BATCH,
  /** A state that is an input or an output, but not both. */
  OPEN_STATE,
  /** Weights in external files. */
  EXTERNAL_WEIGHTS,
  /** Weights that are NaN, or all the same. */
  SUSPICIOUS_WEIGHTS
}
