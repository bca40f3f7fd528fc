package dev.unroll.interop.onnx.recurrent;

import java.util.List;

/** The recurrent operators of ONNX. */
enum RecurrentKind {
  /** {@code H⟨t⟩ = f(W x⟨t⟩ + R H⟨t-1⟩ + Wb + Rb)}. */
  RNN(List.of("Tanh"), "hidden"),
  /** Gates z, r, h; z is the share of the old state. */
  GRU(List.of("Sigmoid", "Tanh"), "3·hidden"),
  /** Gates i, o, f, c. */
  LSTM(List.of("Sigmoid", "Tanh", "Tanh"), "4·hidden");

  private final List<String> functions;
  private final String width;

  RecurrentKind(List<String> functions, String width) {
    this.functions = functions;
    this.width = width;
  }

  /** The functions f, g, h of one direction where a node names none. */
  List<String> functions() {
    return functions;
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
    return width;
  }
}
