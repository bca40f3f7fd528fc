package dev.unroll.bench.peers;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.ContenderServer;
import java.io.IOException;

/**
 * ONNX Runtime, with models that are built here from its own LSTM and GRU operators. Its argument
 * is the number of threads.
 */
public final class OnnxRuntimeContender implements Contender {

  private final int threads;

  OnnxRuntimeContender(int threads) {
    this.threads = threads;
  }

  /** Serves until the input ends. */
  public static void main(String[] args) throws IOException {
    ContenderServer.serve(new OnnxRuntimeContender(Integer.parseInt(args[0])));
  }

  @Override
  public String name() {
    return "ONNX Runtime " + OnnxSession.version();
  }

  @Override
  public Prepared prepare(Case work) {
    return switch (work.work()) {
      case TRAIN ->
          throw new UnsupportedOperationException("training is not supported for ONNX Runtime");
      case FORWARD -> new OnnxForwardCase(work, threads);
      case STREAM ->
          work.vocabulary() > 0
              ? new OnnxTokenStreamCase(work, threads)
              : new OnnxStreamCase(work, threads);
    };
  }
}
