package dev.unroll.bench.kernels;

import dev.unroll.bench.Peak;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * {@code unroll-bench kernels}: runs the JMH benchmarks of kernels and prints each with its bound:
 * the measured peak of multiply-adds for products, a copy of the same memory for the others. {@code
 * unroll-bench calls}: runs those of calls of warm models, and prints what each allocates.
 */
public final class Main {

  private Main() {}

  /**
   * Runs the benchmarks of the first argument, kernels or calls, whose names the second, a regular
   * expression, matches.
   */
  public static void main(String[] args) throws RunnerException, InterruptedException {
    Locale.setDefault(Locale.ROOT);
    boolean calls = args.length > 0 && args[0].equals("calls");
    if (args.length > 0 && (calls || args[0].equals("kernels"))) {
      args = java.util.Arrays.copyOfRange(args, 1, args.length);
    }
    if (args.length > 1 || (args.length == 1 && args[0].startsWith("-"))) {
      System.out.println(
          calls
              ? "Usage: unroll-bench calls [PATTERN]   such as classify, or tag"
              : "Usage: unroll-bench kernels [PATTERN]   such as product, or RowBenchmark.tanh");
      System.exit(args[0].equals("--help") || args[0].equals("-h") ? 0 : 2);
    }
    String pattern = args.length == 0 ? "" : args[0];
    if (calls) {
      printCalls(run(options("CallBenchmark.*" + pattern).addProfiler(GCProfiler.class)));
    } else {
      double peak = Peak.gigaflops(1);
      print(run(options(pattern).exclude("CallBenchmark")), peak);
    }
  }

  private static Collection<RunResult> run(ChainedOptionsBuilder options) throws RunnerException {
    return new Runner(options.build()).run();
  }

  private static ChainedOptionsBuilder options(String pattern) {
    return new OptionsBuilder()
        .include(pattern.isEmpty() ? "dev.unroll" : pattern)
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
            "-XX:+UseTransparentHugePages");
  }

  private static void printCalls(Collection<RunResult> results) {
    System.out.printf("%n%-22s %6s %22s %16s%n", "call", "units", "time", "allocated");
    for (RunResult run : results) {
      Result<?> time = run.getPrimaryResult();
      System.out.printf(
          "%-22s %6s %10.1f µs ± %5.1f%% %,14.0f B%n",
          name(run),
          run.getParams().getParam("units"),
          time.getScore() / 1000,
          100 * time.getScoreError() / time.getScore(),
          run.getSecondaryResults().get("gc.alloc.rate.norm").getScore());
    }
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
