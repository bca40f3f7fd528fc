package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.onnx.op.Operator;
import java.util.Map;

/** The recurrent operators of ONNX, opsets 7 to 24. */
public final class RecurrentOperators {

  private RecurrentOperators() {}

  /** The operators of ONNX's own domain by name. */
  public static Map<String, Operator> all() {
    return Map.of(
        "RNN", new RecurrentOperator(RecurrentKind.RNN),
        "GRU", new RecurrentOperator(RecurrentKind.GRU),
        "LSTM", new RecurrentOperator(RecurrentKind.LSTM));
  }

  /**
   * Why a {@linkplain Operator#prepared prepared} recurrent operator runs in plain arithmetic and
   * not on the engine, such as {@code clip; numbers of double}; empty for any other operator.
   */
  public static String whyPlain(Operator prepared) {
    return prepared instanceof PreparedRecurrent node ? node.whyPlain() : "";
  }
}
