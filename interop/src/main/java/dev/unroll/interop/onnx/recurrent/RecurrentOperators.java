package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.onnx.op.Operator;
import java.util.Map;

/** The recurrent operators of ONNX, opsets 7 to 24. */
public final class RecurrentOperators {

  private RecurrentOperators() {}

  /** The operators of ONNX's own domain by name. */
  public static Map<String, Operator> all() {
    return Map.of(
        "RNN", new PlainRecurrentOperator(RecurrentKind.RNN),
        "GRU", new PlainRecurrentOperator(RecurrentKind.GRU),
        "LSTM", new PlainRecurrentOperator(RecurrentKind.LSTM));
  }
}
