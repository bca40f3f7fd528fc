package dev.unroll.interop.onnx;

/** Known faults of exported models, each with its cure. */
public enum Fault {
  /** A GRU of PyTorch without the attribute that says where its reset gate acts. */
  GRU_RESET,
  /** Sequences before steps, layout 1, which ONNX Runtime refuses. */
  LAYOUT,
  /** A start state that is a constant, and with it a number of sequences. */
  CONSTANT_STATE,
  /** A number of sequences where any should do. */
  FIXED_BATCH,
  /** A state that goes in or comes out, but not both. */
  OPEN_STATE,
  /** Weights in files beside the model. */
  EXTERNAL_WEIGHTS,
  /** Weights that are no numbers, or all the same. */
  SUSPICIOUS_WEIGHTS
}
