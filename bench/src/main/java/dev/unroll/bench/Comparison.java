package dev.unroll.bench;

import dev.unroll.bench.contender.Workload;
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
   * @param warmUp milliseconds that an engine on the JVM runs before it is timed
   * @param nativeWarmUp those of an engine that no JIT compiles
   * @param round milliseconds of a round
   * @param rounds number of rounds
   */
  record Plan(long warmUp, long nativeWarmUp, long round, int rounds) {
    /** All engines run equally long before they are timed. */
    Plan(long warmUp, long round, int rounds) {
      this(warmUp, warmUp, round, rounds);
    }

    Plan withNativeWarmUp(long milliseconds) {
      return new Plan(warmUp, milliseconds, round, rounds);
    }
  }

  private final int threads;
  private final Plan plan;
  private final Map<Engine, ContenderProcess> processes = new EnumMap<>(Engine.class);

  /** Why engines do not support the case at work. */
  private final Map<Engine, String> missing = new EnumMap<>(Engine.class);

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
  List<Result> measure(Workload work, Consumer<String> progress) {
    var numbers = new EnumMap<Engine, double[]>(Engine.class);
    missing.clear();
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
      process(engine).time(engine.compiles() ? plan.warmUp() : plan.nativeWarmUp());
    }
    return measureAgain(work, progress);
  }

  /** Measures the case that was measured last once more; all are warm. */
  List<Result> measureAgain(Workload work, Consumer<String> progress) {
    var rounds = new EnumMap<Engine, List<ContenderProcess.Round>>(Engine.class);
    for (int round = 0; round < plan.rounds(); round++) {
      progress.accept("round %d of %d".formatted(round + 1, plan.rounds()));
      for (Engine engine : processes.keySet()) {
        if (!missing.containsKey(engine)) {
          rounds
              .computeIfAbsent(engine, key -> new ArrayList<>())
              .add(process(engine).time(plan.round()));
        }
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

  private void checkAgreement(Workload work, Map<Engine, double[]> numbers) {
    double[] ours = numbers.get(Engine.UNROLL);
    for (var entry : numbers.entrySet()) {
      double[] theirs = entry.getValue();
      for (int i = 0; ours != null && i < ours.length; i++) {
        // A checksum with random weights may cancel out, so its error is relative to the norm.
        double norm = i == 0 ? ours[Math.min(1, ours.length - 1)] : 0;
        double scale = Math.max(Math.abs(ours[i]), norm);
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
