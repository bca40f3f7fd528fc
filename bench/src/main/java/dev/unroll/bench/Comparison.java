package dev.unroll.bench;

import dev.unroll.bench.contender.Case;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Compares engines. Each engine runs in its own process; for each case all of them first compute
 * the same numbers, then all are warmed up, and then they take turns, round by round, so that
 * whatever disturbs the machine affects all of them equally.
 */
final class Comparison implements AutoCloseable {

  /** Greatest relative difference of the numbers that engines must agree on. */
  private static final double TOLERANCE = 1e-4;

  /**
   * How long each engine is measured.
   *
   * @param warmUp milliseconds that an engine runs before it is timed
   * @param round milliseconds of a round
   * @param rounds number of rounds
   */
  record Plan(long warmUp, long round, int rounds) {}

  private final int threads;
  private final Plan plan;
  private final Map<Engine, ContenderProcess> processes = new EnumMap<>(Engine.class);

  Comparison(List<Engine> engines, int threads, Plan plan, Path home) {
    this.threads = threads;
    this.plan = plan;
    for (Engine engine : engines) {
      processes.put(engine, ContenderProcess.start(engine, threads, home));
    }
  }

  /**
   * Measures one case, Unroll first in the list.
   *
   * @throws IllegalStateException if two engines compute different numbers
   */
  List<Result> measure(Case work, Consumer<String> progress) {
    var numbers = new EnumMap<Engine, double[]>(Engine.class);
    var missing = new EnumMap<Engine, String>(Engine.class);
    for (var entry : processes.entrySet()) {
      try {
        progress.accept("preparing " + entry.getValue().name());
        numbers.put(entry.getKey(), entry.getValue().prepare(work));
      } catch (UnsupportedOperationException e) {
        missing.put(entry.getKey(), String.valueOf(e.getMessage()));
      }
    }
    checkAgreement(work, numbers);
    for (Engine engine : numbers.keySet()) {
      progress.accept("warming up " + process(engine).name());
      process(engine).time(plan.warmUp());
    }
    var rounds = new EnumMap<Engine, List<ContenderProcess.Round>>(Engine.class);
    for (int round = 0; round < plan.rounds(); round++) {
      progress.accept("round %d of %d".formatted(round + 1, plan.rounds()));
      for (Engine engine : numbers.keySet()) {
        rounds
            .computeIfAbsent(engine, key -> new ArrayList<>())
            .add(process(engine).time(plan.round()));
      }
    }
    return processes.entrySet().stream()
        .map(
            entry ->
                new Result(
                    work,
                    threads,
                    entry.getValue().name(),
                    rounds.getOrDefault(entry.getKey(), List.of()),
                    missing.getOrDefault(entry.getKey(), "")))
        .toList();
  }

  private ContenderProcess process(Engine engine) {
    ContenderProcess process = processes.get(engine);
    if (process == null) {
      throw new IllegalArgumentException(engine + " is not among the engines");
    }
    return process;
  }

  private void checkAgreement(Case work, Map<Engine, double[]> numbers) {
    double[] ours = numbers.get(Engine.UNROLL);
    for (var entry : numbers.entrySet()) {
      double[] theirs = entry.getValue();
      for (int i = 0; ours != null && i < ours.length; i++) {
        // A checksum with random weights may cancel out, so its error is relative to the norm.
        double scale = Math.max(Math.abs(ours[i]), ours[Math.min(1, ours.length - 1)]);
        if (!(Math.abs(ours[i] - theirs[i]) <= TOLERANCE * Math.abs(scale))) {
          throw new IllegalStateException(
              String.format(
                  Locale.ROOT,
                  "%s: number %d is %.8g, but %.8g from %s",
                  work.title(),
                  i,
                  ours[i],
                  theirs[i],
                  process(entry.getKey()).name()));
        }
      }
    }
  }

  @Override
  public void close() {
    processes.values().forEach(ContenderProcess::close);
  }
}
