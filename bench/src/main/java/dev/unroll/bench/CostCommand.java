package dev.unroll.bench;

import dev.unroll.base.Workers;
import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Cell;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Work;
import dev.unroll.bench.unroll.UnrollContender;
import dev.unroll.file.SafeFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code unroll-bench cost}: how the cost of training grows with each size. */
@Command(
    name = "cost",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Prints the training time per token against units, steps, batch, vocabulary and threads, "
            + "next to a simple model of it: all multiply-adds at the measured peak.")
final class CostCommand implements Callable<Integer> {

  private static final long WARM_UP_NANOS = 2_500_000_000L;
  private static final long MEASURED_NANOS = 1_500_000_000L;
  private static final int LEAST_RUNS = 3;

  @Option(
      names = "--chart",
      paramLabel = "FILE",
      description = "Draw the cost against the units, as SVG, or as PNG if the name ends in .png.")
  @Nullable Path chart;

  /** A size that varies, and its cases. */
  private record Axis(String name, List<Case> cases) {}

  @Override
  public Integer call() throws InterruptedException {
    if (chart != null) {
      SafeFiles.checkWritable(chart);
    }
    int[] threadCounts = {1, Runtime.getRuntime().availableProcessors()};
    double[] peaks = new double[threadCounts.length];
    for (int i = 0; i < peaks.length; i++) {
      peaks[i] = Peak.gigaflops(threadCounts[i]);
      System.out.printf("%d thread(s): peak %.0f GFLOP/s%n", threadCounts[i], peaks[i]);
    }
    List<CostChart.Point> units = List.of();
    for (Axis axis : axes()) {
      System.out.printf(
          "%n%s%n%-44s %8s %14s %12s %12s %8s%n",
          axis.name, "training step", "threads", "tokens/s", "µs per token", "µs at peak", "share");
      var points = new ArrayList<CostChart.Point>();
      for (Case work : axis.cases) {
        for (int i = 0; i < threadCounts.length; i++) {
          points.add(measure(work, threadCounts[i], peaks[i]));
          print(points.get(points.size() - 1));
        }
      }
      units = units.isEmpty() ? points : units;
    }
    if (chart != null) {
      CostChart.draw(units, chart);
    }
    return 0;
  }

  private static List<Axis> axes() {
    return List.of(
        new Axis(
            "units H", layers(new int[] {64, 128, 256, 512, 1024, 2048}, h -> layer(35, 32, h))),
        new Axis("steps T", layers(new int[] {10, 100, 1000, 10_000}, t -> layer(t, 16, 128))),
        new Axis(
            "batch B", layers(new int[] {1, 2, 4, 8, 16, 32, 64, 128}, b -> layer(50, b, 256))),
        new Axis(
            "vocabulary V",
            layers(
                new int[] {1000, 10_000, 50_000},
                v -> new Case(Work.TRAIN, Cell.LSTM, 1, 35, 20, 200, v))));
  }

  private static List<Case> layers(int[] sizes, java.util.function.IntFunction<Case> of) {
    return Arrays.stream(sizes).mapToObj(of).toList();
  }

  private static Case layer(int steps, int batch, int units) {
    return new Case(Work.TRAIN, Cell.LSTM, 1, steps, batch, units, 0);
  }

  private static CostChart.Point measure(Case work, int threads, double peak) {
    try (var workers = new Workers(threads)) {
      Contender.Prepared prepared = new UnrollContender(workers).prepare(work);
      repeat(prepared, WARM_UP_NANOS);
      double[] times = repeat(prepared, MEASURED_NANOS);
      Arrays.sort(times);
      double tokens = work.tokens();
      return new CostChart.Point(
          work,
          threads,
          times[times.length / 2] / tokens,
          work.operations() / peak * 1e-3 / tokens);
    }
  }

  /** Returns the times of the runs, in µs. */
  private static double[] repeat(Contender.Prepared prepared, long nanos) {
    var times = new ArrayList<Double>();
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos || times.size() < LEAST_RUNS) {
      long before = System.nanoTime();
      prepared.run();
      times.add((System.nanoTime() - before) * 1e-3);
    }
    return times.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void print(CostChart.Point point) {
    System.out.printf(
        "%-44s %8d %,14.0f %12.3f %12.3f %7.0f%%%n",
        point.work().title(),
        point.threads(),
        1e6 / point.micros(),
        point.micros(),
        point.bound(),
        100 * point.bound() / point.micros());
  }
}
