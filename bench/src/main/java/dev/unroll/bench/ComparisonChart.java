package dev.unroll.bench;

import dev.unroll.bench.contender.Case;
import dev.unroll.cli.report.Charts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/** Bar chart of how many times faster than Unroll each engine is. */
final class ComparisonChart {

  private ComparisonChart() {}

  /** Draws, for each case, the results with the most threads. */
  static void write(List<Result> results, Path file) throws IOException {
    Map<Case, Integer> threads = new LinkedHashMap<>();
    Set<String> engines = new LinkedHashSet<>();
    for (Result result : results) {
      threads.merge(result.work(), result.threads(), Math::max);
      engines.add(result.engine());
    }
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(1400)
            .height(600)
            .title("Speed relative to Unroll (higher is faster)")
            .yAxisTitle("times")
            .build();
    chart.getStyler().setXAxisLabelRotation(60);
    List<String> names =
        threads.keySet().stream()
            .map(work -> work.work().name().charAt(0) + " " + work.title())
            .toList();
    for (String engine : engines) {
      List<Double> speeds = new ArrayList<>();
      threads.forEach((work, count) -> speeds.add(speed(results, work, count, engine)));
      chart.addSeries(engine, names, speeds);
    }
    if (file.toString().endsWith(".png")) {
      BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
    } else {
      Charts.write(chart, file);
    }
  }

  /** A bar of height zero means that the engine does not support the case. */
  private static double speed(List<Result> results, Case work, int threads, String engine) {
    List<Result> same =
        results.stream()
            .filter(result -> result.work().equals(work) && result.threads() == threads)
            .toList();
    Result ours = same.get(0);
    return same.stream()
        .filter(result -> result.engine().equals(engine) && !result.rounds().isEmpty())
        .mapToDouble(result -> 1 / result.ratioTo(ours).median())
        .findFirst()
        .orElse(0);
  }
}
