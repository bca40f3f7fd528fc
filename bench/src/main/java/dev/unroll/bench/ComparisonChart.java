package dev.unroll.bench;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Work;
import dev.unroll.cli.chart.DotChart;
import dev.unroll.cli.chart.Picture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A chart of how many times as long as Unroll the other engines take. */
final class ComparisonChart {

  /**
   * How many times as long as Unroll an engine takes.
   *
   * @param work the case
   * @param threads threads of each engine
   * @param engine name and version
   * @param ratio median and spread
   */
  record Entry(Case work, int threads, String engine, Result.Ratio ratio) {}

  private ComparisonChart() {}

  /** Draws what was measured. */
  static void write(List<Result> results, Path file) {
    var entries = new ArrayList<Entry>();
    for (Result result : results) {
      Result ours =
          results.stream()
              .filter(
                  each -> each.work().equals(result.work()) && each.threads() == result.threads())
              .findFirst()
              .orElseThrow();
      boolean measured = !result.equals(ours) && !result.rounds().isEmpty();
      if (measured && result.work() instanceof Case work) {
        entries.add(new Entry(work, result.threads(), result.engine(), result.ratioTo(ours)));
      }
    }
    draw(entries, file);
  }

  /** Draws, for each case, the ratios with the most threads. */
  static void draw(List<Entry> entries, Path file) {
    Map<Case, Integer> threads = new LinkedHashMap<>();
    entries.forEach(entry -> threads.merge(entry.work, entry.threads, Math::max));
    List<Entry> shown =
        entries.stream()
            .filter(entry -> entry.threads == threads.getOrDefault(entry.work, 0))
            .toList();
    Set<String> engines = new LinkedHashSet<>();
    shown.forEach(entry -> engines.add(entry.engine));
    var chart =
        new DotChart(
            new DotChart.Titles(
                "their time ÷ Unroll's time; lines show the spread of the rounds",
                "Unroll is slower",
                "Unroll is faster"),
            List.copyOf(engines));
    var groups = new LinkedHashMap<String, Set<Case>>();
    shown.forEach(
        entry ->
            groups.computeIfAbsent(group(entry), name -> new LinkedHashSet<>()).add(entry.work));
    groups.forEach(
        (name, cases) -> {
          chart.group(name);
          cases.forEach(work -> chart.row(words(work), marks(shown, work)));
        });
    long faster = shown.stream().filter(entry -> entry.ratio.median() > 1).count();
    String title =
        String.format(
            Locale.ROOT, "Unroll is faster in %d of %d comparisons", faster, shown.size());
    new Picture(title, chart).write(file);
  }

  private static Map<String, DotChart.Measured> marks(List<Entry> entries, Case work) {
    var marks = new LinkedHashMap<String, DotChart.Measured>();
    entries.stream()
        .filter(entry -> entry.work.equals(work))
        .forEach(
            entry -> {
              Result.Ratio ratio = entry.ratio;
              marks.put(
                  entry.engine, new DotChart.Measured(ratio.median(), ratio.least(), ratio.most()));
            });
    return marks;
  }

  private static String group(Entry entry) {
    String what =
        switch (entry.work.work()) {
          case TRAIN -> "Training";
          case FORWARD -> "Reading batches";
          case STREAM -> "Reading step by step";
        };
    String threads = entry.threads == 1 ? "1 thread" : entry.threads + " threads";
    String shape = entry.work.work() == Work.STREAM ? "" : " (sequences × steps)";
    return "%s, %s, %s%s".formatted(what, entry.work.cell(), threads, shape);
  }

  /** Returns such as {@code 128 units, 50 × 50 steps}: sequences, and steps of each. */
  static String words(Case work) {
    String units = String.format(Locale.ROOT, "%,d units", work.units());
    if (work.layers() > 1) {
      units = work.layers() + " × " + units;
    }
    if (work.vocabulary() > 0) {
      units = String.format(Locale.ROOT, "%s, %,d words", units, work.vocabulary());
    }
    return work.work() == Work.STREAM
        ? units
        : "%s, %d × %d steps".formatted(units, work.batch(), work.steps());
  }
}
