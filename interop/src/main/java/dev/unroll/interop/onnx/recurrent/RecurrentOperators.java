package dev.unroll.interop.onnx.recurrent;

import dev.unroll.interop.onnx.op.Definition;
import dev.unroll.interop.onnx.op.Operator;
import dev.unroll.interop.onnx.op.Operators;
import java.util.List;

/** The recurrent operators of ONNX, opsets 7 to 24. */
public final class RecurrentOperators {

  private RecurrentOperators() {}

  /** The operators: RNN, GRU, LSTM and {@code com.microsoft.DynamicQuantizeLSTM}. */
  public static List<Definition> definitions() {
    return List.of(
        new Definition("RNN", Operators.OLDEST, new RecurrentOperator(RecurrentKind.RNN)),
        new Definition("GRU", Operators.OLDEST, new RecurrentOperator(RecurrentKind.GRU)),
        new Definition("LSTM", Operators.OLDEST, new RecurrentOperator(RecurrentKind.LSTM)),
        new Definition("com.microsoft", "DynamicQuantizeLSTM", 1, new QuantizedLstmOperator()));
  }

  /**
   * Why a {@linkplain Operator#prepared prepared} recurrent operator runs in plain arithmetic and
   * not on the engine, such as {@code clip; numbers of double}; empty for any other operator.
   */
  public static String whyPlain(Operator prepared) {
    return prepared instanceof PreparedRecurrent node ? node.whyPlain() : "";
  }
}
