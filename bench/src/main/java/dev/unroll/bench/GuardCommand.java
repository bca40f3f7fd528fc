package dev.unroll.bench;

import dev.unroll.base.InputException;
import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code unroll-bench guard}: whether Unroll has become slower beside its peers. */
@Command(
    name = "guard",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Compares the ratios to the peers with the committed ones.",
    footer = {
      "",
      "Before a release, on a machine that does nothing else; it takes six minutes. A case that seems to",
      "have fallen is measured twice more, and its best ratio counts. The status is 1 if one fell by more",
      "than --share.",
      "Example:  unroll-bench guard --only 'LSTM T 50'",
    })
final class GuardCommand implements Callable<Integer> {

  private static final List<Engine> ENGINES =
      List.of(Engine.UNROLL, Engine.PYTORCH, Engine.ONNXRUNTIME);
  private static final int MORE_TRIALS = 2;
  private static final int ROUNDS = 9;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "The committed ratios. Default: bench/ratios.json.")
  @Nullable Path file;

  @Option(names = "--save", description = "Write what is measured to the file instead.")
  boolean save;

  @Option(names = "--share", paramLabel = "X", description = "Default: ${DEFAULT-VALUE}.")
  double share = 0.1;

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      description = "Only cases whose title contains this text. Default: ${DEFAULT-VALUE}.")
  String only = "LSTM";

  @Option(names = "--threads", split = ",", paramLabel = "N", description = "Default: 1,2.")
  List<Integer> threads = List.of(1, 2);

  @Option(
      names = "--round-time",
      paramLabel = "MS",
      description = "Milliseconds of a round, of which there are nine. Default: ${DEFAULT-VALUE}.")
  long roundTime = 250;

  @Option(
      names = "--warm-up",
      paramLabel = "MS",
      description =
          "Milliseconds before Unroll is timed; of the others, a third. Default: ${DEFAULT-VALUE}.")
  long warmUp = 3000;

  @Override
  public Integer call() throws IOException {
    Path home = Path.of(System.getProperty("unroll.home", "."));
    Path place = file == null ? home.resolve("bench/ratios.json") : file;
    Ratios before = save ? new Ratios("", Map.of()) : Ratios.read(place);
    if (!(share > 0 && share < 1)) {
      throw new InputException("--share is " + share, "It must be between 0 and 1.");
    }
    var now = new Ratios(Processor.name(), measured(before, home));
    if (save) {
      now.write(place);
      System.out.printf("%d ratios written to %s%n", now.ratios().size(), place);
      return 0;
    }
    int compared = now.shared(before);
    if (compared == 0) {
      throw InputException.in(
          place,
          "has none of the %d ratios that were measured".formatted(now.ratios().size()),
          "Name cases with --only, or measure them again, with --save.");
    }
    List<Ratios.Fall> fallen = now.fallen(before, share);
    fallen.forEach(fall -> System.out.println("slower: " + fall));
    System.out.printf(
        "%d of %d ratios fell by more than %.0f%%; those of the file are of %s%n",
        fallen.size(), compared, 100 * share, before.machine());
    if (compared < now.ratios().size()) {
      System.out.printf(
          "%d more are not in the file, such as those of another version of a peer%n",
          now.ratios().size() - compared);
    }
    return fallen.isEmpty() ? 0 : 1;
  }

  private Map<String, Double> measured(Ratios before, Path home) {
    var all = new HashMap<String, Double>();
    var plan = new Comparison.Plan(warmUp, warmUp / 3, roundTime, ROUNDS);
    for (int count : threads) {
      try (var comparison = new Comparison(ENGINES, count, plan, home)) {
        for (Case work : Cases.all()) {
          boolean wanted = work.title().contains(only);
          if (wanted && (count == 1 || work.work() != Work.STREAM)) {
            all.putAll(measured(comparison, work, before));
          }
        }
      }
    }
    return all;
  }

  private Map<String, Double> measured(Comparison comparison, Case work, Ratios before) {
    var best = new HashMap<String, Double>();
    for (int trial = 0; trial <= MORE_TRIALS; trial++) {
      List<Result> results =
          trial == 0
              ? comparison.measure(work, text -> {})
              : comparison.measureAgain(work, text -> {});
      for (Result peer : results.subList(1, results.size())) {
        if (!peer.rounds().isEmpty()) {
          double ratio = peer.ratioTo(results.getFirst()).median();
          best.merge(Ratios.name(peer), ratio, Math::max);
        }
      }
      if (save || new Ratios("", best).fallen(before, share).isEmpty()) {
        break;
      }
    }
    best.forEach((name, ratio) -> System.out.printf("%-70s %.2f%n", name, ratio));
    return best;
  }
}
