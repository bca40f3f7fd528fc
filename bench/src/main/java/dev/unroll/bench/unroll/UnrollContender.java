package dev.unroll.bench.unroll;

import dev.unroll.base.Workers;
import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.ContenderServer;
import dev.unroll.bench.contender.Task;
import dev.unroll.bench.contender.TaskCase;
import dev.unroll.bench.contender.Work;
import java.io.IOException;

/** Unroll as a contender, in a process like the others'. Its argument is the number of threads. */
public final class UnrollContender implements Contender {

  private final Workers workers;

  /** Prepares to compute in this process. */
  public UnrollContender(Workers workers) {
    this.workers = workers;
  }

  /** Serves until the input ends. */
  public static void main(String[] args) throws IOException {
    try (var workers = new Workers(Integer.parseInt(args[0]))) {
      ContenderServer.serve(new UnrollContender(workers));
    }
  }

  @Override
  public String name() {
    return "Unroll";
  }

  @Override
  public Prepared prepare(Case work) {
    if (work.vocabulary() > 0) {
      return work.work() == Work.STREAM
          ? new TokenStreamCase(work)
          : new LanguageModelCase(work, workers);
    }
    return work.work() == Work.STREAM
        ? new StreamCase(work, workers)
        : new LayerCase(work, workers);
  }

  @Override
  public Prepared prepare(TaskCase work) {
    return work.task() == Task.TRANSDUCE
        ? new TransduceTaskCase(work, workers)
        : new LabelTaskCase(work, workers);
  }
}
