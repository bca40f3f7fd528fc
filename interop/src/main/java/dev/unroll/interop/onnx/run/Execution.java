package dev.unroll.interop.onnx.run;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.file.Plural;
import dev.unroll.interop.onnx.graph.Node;
import dev.unroll.interop.tensor.ElementBytes;
import dev.unroll.interop.tensor.MemoryLimit;
import dev.unroll.interop.tensor.Tensor;

/** One run of a model: the threads that it may use, and what loops may still take. */
final class Execution {

  private final Workers workers;
  private final MemoryLimit memory = MemoryLimit.ofHeap();
  private final long maxSteps;
  private long steps;

  /**
   * Begins a run.
   *
   * @param maxSteps how many steps all loops may take together
   */
  Execution(Workers workers, long maxSteps) {
    this.workers = workers;
    this.maxSteps = maxSteps;
  }

  Workers workers() {
    return workers;
  }

  /** Counts a step of a loop. */
  void step(Node loop) {
    if (++steps > maxSteps) {
      throw new InputException(
          loop.label() + " continues after " + Plural.of(maxSteps, "step"),
          "If it does end, allow more by {max-steps}.");
    }
  }

  /** Counts what a loop keeps of a step. */
  void keep(Node loop, Tensor tensor) {
    long bytes = (long) tensor.size() * ElementBytes.widthInMemory(tensor.type());
    memory.take("what " + loop.label() + " collects", 64 + bytes);
  }
}
