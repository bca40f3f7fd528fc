package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Kernels;
import picocli.CommandLine.Option;

/** How many threads a command uses. */
public final class ThreadOption {

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Threads; they change no bit of a result. Default: one per processor.")
  int threads;

  public int count() {
    if (threads < 0 || threads > 1024) {
      throw new InputException("--threads is " + threads, "It must be in 1 … 1024.");
    }
    return threads == 0 ? Math.min(1024, Runtime.getRuntime().availableProcessors()) : threads;
  }

  /** Returns what a run computes with: {@code 2 threads; kernels: vector, 512 bits}. */
  public static String kernels(int threads) {
    return "%d thread%s; %s".formatted(threads, threads == 1 ? "" : "s", Kernels.description());
  }

  public Workers workers() {
    return new Workers(count());
  }
}
