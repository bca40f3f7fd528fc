package dev.unroll.bench.kernels;

import dev.unroll.bench.Peak;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * {@code unroll-bench kernels}: runs the JMH benchmarks and prints each kernel with its bound: the
 * measured peak of multiply-adds for products, a copy of the same memory for the others.
 */
public final class Main {

  private Main() {}

  /** Runs the benchmarks whose names the first argument, a regular expression, matches. */
  public static void main(String[] args) throws RunnerException, InterruptedException {
    Locale.setDefault(Locale.ROOT);
    if (args.length > 0 && args[0].equals("kernels")) {
      args = java.util.Arrays.copyOfRange(args, 1, args.length);
    }
    if (args.length > 1 || (args.length == 1 && args[0].startsWith("-"))) {
      System.out.println(
          "Usage: unroll-bench kernels [PATTERN]   such as product, or RowBenchmark.tanh");
      System.exit(args[0].equals("--help") || args[0].equals("-h") ? 0 : 2);
    }
    double peak = Peak.gigaflops(1);
    var options =
        new OptionsBuilder()
            .include(args.length == 0 ? "dev.unroll" : args[0])
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(3)
            .warmupIterations(3)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(5)
            .measurementTime(TimeValue.milliseconds(500))
            .jvmArgs(
                "--add-modules",
                "jdk.incubator.vector",
                "-XX:+UseParallelGC",
                "-XX:ObjectAlignmentInBytes=64",
                "-XX:+UseTransparentHugePages")
            .build();
    print(new Runner(options).run(), peak);
  }

  private static void print(Collection<RunResult> results, double peak) {
    System.out.printf("%nPeak of multiply-adds measured: %.0f GFLOP/s, one thread%n", peak);
    Map<String, Double> copies = new HashMap<>();
    for (RunResult run : results) {
      if (name(run).equals("copy")) {
        copies.put(run.getParams().getParam("size"), run.getPrimaryResult().getScore());
      }
    }
    for (RunResult run : results) {
      Result<?> time = run.getPrimaryResult();
      double least = time.getStatistics().getMin();
      if (name(run).equals("product")) {
        String shape = run.getParams().getParam("shape");
        int[] size = ProductBenchmark.size(shape);
        double flops = 2.0 * size[0] * size[1] * size[2];
        System.out.printf(
            "product    %-16s %12.0f ns ± %4.1f%%  %6.1f GFLOP/s, %3.0f%% of peak; best %6.1f, %3.0f%%%n",
            shape,
            time.getScore(),
            100 * time.getScoreError() / time.getScore(),
            flops / time.getScore(),
            100 * flops / time.getScore() / peak,
            flops / least,
            100 * flops / least / peak);
      } else {
        int size = Integer.parseInt(run.getParams().getParam("size"));
        Double copy = copies.get(run.getParams().getParam("size"));
        System.out.printf(
            "%-10s %,16d %12.0f ns ± %4.1f%%  %6.2f ns for 16%s%n",
            name(run),
            size,
            time.getScore(),
            100 * time.getScoreError() / time.getScore(),
            time.getScore() * 16 / size,
            copy == null ? "" : "; %.1f times a copy of the row".formatted(time.getScore() / copy));
      }
    }
  }

  private static String name(RunResult run) {
    String name = run.getParams().getBenchmark();
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
