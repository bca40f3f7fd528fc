package dev.unroll.bench;

import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code unroll-bench jitter}: the latency that the machine itself adds, whatever runs on it. */
@Command(
    name = "jitter",
    mixinStandardHelpOptions = true,
    description =
        "Times pure arithmetic, without memory access, in pieces as long as streaming steps: if the "
            + "99.9th percentile of these is high, too, the machine is the cause (interrupts, other guests).")
final class JitterCommand implements Callable<Integer> {

  private static final long RUN_NANOS = 4_000_000_000L;
  private static final int MOST = 1_000_000;

  /** Sum of all results, so that the compiler cannot remove any computation. */
  private double total;

  @Override
  public Integer call() {
    System.out.printf("%12s %12s %14s %8s%n", "operations", "median", "99.9% below", "ratio");
    for (int operations : new int[] {4_600, 46_000, 200_000}) {
      run(operations, RUN_NANOS / 2);
      double[] micros = run(operations, RUN_NANOS);
      Arrays.sort(micros);
      double median = micros[micros.length / 2];
      double late = micros[(int) (micros.length * 0.999)];
      System.out.printf(
          "%,12d %9.1f µs %11.1f µs %8.1f%n", operations, median, late, late / median);
    }
    return Double.isFinite(total) ? 0 : 1;
  }

  private double[] run(int operations, long nanos) {
    double[] micros = new double[MOST];
    int count = 0;
    long start = System.nanoTime();
    for (long now = start; now - start < nanos && count < MOST; count++) {
      total += chain(operations);
      long then = System.nanoTime();
      micros[count] = (then - now) * 1e-3;
      now = then;
    }
    return Arrays.copyOf(micros, count);
  }

  /** Dependent multiply-adds: only the core's clock rate matters. */
  private static double chain(int operations) {
    double x = 1;
    for (int i = 0; i < operations; i++) {
      x = Math.fma(x, 0.999, 1);
    }
    return x;
  }
}
