package dev.unroll.interop.onnx.recurrent;

import dev.unroll.base.Workers;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;

/** A recurrent node whose parameters are known; for any number of threads at a time. */
interface RecurrentRun {

  /** Computes Y, Y_h and, for an LSTM, Y_c. */
  List<Tensor> run(RecurrentInput input, Workers workers);
}
