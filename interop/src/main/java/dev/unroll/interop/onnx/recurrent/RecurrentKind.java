package dev.unroll.interop.onnx.recurrent;

import java.util.List;

/** The recurrent operators of ONNX. */
enum RecurrentKind {
  /** {@code H⟨t⟩ = f(W x⟨t⟩ + R H⟨t-1⟩ + Wb + Rb)}. */
  RNN,
  /** Gates z, r, h; z is the share of the old state. */
  GRU,
  /** Gates i, o, f, c. */
  LSTM;

  /** The functions f, g, h of one direction where a node names none. */
  List<String> functions() {
    return switch (this) {
      case RNN -> List.of("Tanh");
      case GRU -> List.of("Sigmoid", "Tanh");
      case LSTM -> List.of("Sigmoid", "Tanh", "Tanh");
    };
  }

  /** The number of gates. */
  int gates() {
    return switch (this) {
      case RNN -> 1;
      case GRU -> 3;
      case LSTM -> 4;
    };
  }

  /** The length of the axis of all gates, in words. */
  String width() {
    return this == RNN ? "hidden" : gates() + "·hidden";
  }
}
