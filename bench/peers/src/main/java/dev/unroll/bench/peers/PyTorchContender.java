package dev.unroll.bench.peers;

import ai.djl.engine.Engine;
import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.ContenderServer;
import dev.unroll.bench.contender.TaskCase;
import dev.unroll.bench.contender.Work;
import java.io.IOException;

/**
 * PyTorch (libtorch with MKL and oneDNN) through DJL. Its argument is the number of threads.
 *
 * <p>Sequences use PyTorch's own operations over all steps. For a single step, however, {@code
 * torch::lstm} packs the weights again at each call, which takes four times as long as the step, so
 * streaming uses a separate function, {@link PyTorchSteps}. The networks of tasks are functions of
 * a batch, {@link TaskScripts}.
 */
public final class PyTorchContender implements Contender {

  private final Engine engine;

  private PyTorchContender(Engine engine) {
    this.engine = engine;
  }

  /** Serves until the input ends. */
  public static void main(String[] args) throws IOException {
    ContenderServer.serve(withThreads(Integer.parseInt(args[0])));
  }

  /** Returns the contender; the first call in a process decides the number of threads. */
  static PyTorchContender withThreads(int threads) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    return new PyTorchContender(Engine.getEngine("PyTorch"));
  }

  @Override
  public String name() {
    return "PyTorch " + engine.getVersion();
  }

  @Override
  public Prepared prepare(Case work) {
    var manager = engine.newBaseManager();
    if (work.work() == Work.STREAM) {
      return work.vocabulary() > 0
          ? new PyTorchTokenStreamCase(work, manager)
          : new PyTorchStreamCase(work, manager);
    }
    return work.vocabulary() > 0
        ? new PyTorchLanguageModelCase(work, manager)
        : new PyTorchLayerCase(work, manager);
  }

  @Override
  public Prepared prepare(TaskCase work) {
    return new PyTorchTaskCase(work, engine.newBaseManager());
  }
}
