package dev.unroll.bench;

import dev.unroll.base.InputException;
import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Work;
import dev.unroll.file.SafeFiles;
import dev.unroll.kernel.Kernels;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll-bench compare}: Unroll and its peers on the same shapes in one run. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Runs Unroll and its peers on the same shapes, and prints times and ratios.",
    footer = {
      "",
      "All engines first compute the same numbers (within 1e-4), then take turns. A ratio above 1 means",
      "that Unroll is that many times faster; its spread is that of the rounds.",
      "Example:  unroll-bench compare --work TRAIN --only LSTM --threads 2 --json results.json",
    })
final class CompareCommand implements Callable<Integer> {

  @Option(
      names = "--engines",
      split = ",",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}; Unroll is always included. Default: all.")
  List<Engine> engines = List.of(Engine.values());

  @Option(
      names = "--work",
      split = ",",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}. Default: all.")
  List<Work> works = List.of(Work.values());

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      description = "Only cases whose title contains this text, such as 'LSTM T 50'.")
  String only = "";

  @Mixin TimingOptions timing = new TimingOptions(5, 600, 8000);

  @Option(names = "--json", paramLabel = "FILE", description = "Write all results as JSON.")
  @Nullable Path json;

  @Option(
      names = "--chart",
      paramLabel = "FILE",
      description = "Draw the results as SVG, or as PNG if the name ends in .png.")
  @Nullable Path chart;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path home = Path.of(System.getProperty("unroll.home", "."));
    List<Engine> chosen = chosen(home);
    checkOutputs();
    var report = new Report(System.out, machine());
    report.begin();
    for (int count : timing.threads) {
      double peak = Peak.gigaflops(count);
      report.threads(count, peak);
      var plan = timing.plan();
      try (var comparison = new Comparison(chosen, count, plan, home)) {
        for (Case work : cases(count)) {
          report.add(comparison.measure(work, progress(work)), peak);
        }
      }
    }
    report.end();
    if (json != null) {
      report.writeJson(json);
    }
    if (chart != null) {
      ComparisonChart.write(report.results(), chart);
    }
    return 0;
  }

  /** Before minutes of work. */
  private void checkOutputs() {
    var outputs = new ArrayList<Path>();
    if (json != null) {
      outputs.add(json);
    }
    if (chart != null) {
      outputs.add(chart);
    }
    outputs.forEach(SafeFiles::checkWritable);
    if (outputs.stream().map(file -> SafeFiles.target(file).normalize()).distinct().count()
        < outputs.size()) {
      throw InputException.in(
          outputs.getFirst(),
          "is named for two outputs, which would overwrite each other",
          "Give each output a name of its own.");
    }
  }

  /** Streaming uses one thread only. */
  private List<Case> cases(int count) {
    return Cases.all().stream()
        .filter(work -> works.contains(work.work()) && work.title().contains(only))
        .filter(work -> count == 1 || work.work() != Work.STREAM)
        .toList();
  }

  private List<Engine> chosen(Path home) {
    var chosen = new ArrayList<Engine>();
    for (Engine engine : Engine.values()) {
      if (engine == Engine.UNROLL || engines.contains(engine)) {
        if (!engine.built(home)) {
          throw new IllegalStateException(
              engine + " is not built; start this with ./unroll-bench, which builds it");
        }
        chosen.add(engine);
      }
    }
    return chosen;
  }

  private static String machine() {
    return "%s, %d processors, Java %s, %s"
        .formatted(
            Processor.name(),
            Runtime.getRuntime().availableProcessors(),
            Runtime.version(),
            Kernels.description());
  }

  /** One line that is overwritten, only on a terminal. */
  private static java.util.function.Consumer<String> progress(Case work) {
    PrintStream err = System.err;
    boolean terminal = Boolean.getBoolean("unroll.terminal");
    return text -> {
      if (terminal) {
        err.print(String.format(Locale.ROOT, "\r\033[K%s: %s", work.title(), text));
        err.flush();
      }
    };
  }
}
