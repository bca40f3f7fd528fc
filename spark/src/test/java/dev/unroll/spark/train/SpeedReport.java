package dev.unroll.spark.train;

import dev.unroll.spark.train.SpeedUp.Machines;
import dev.unroll.spark.train.SpeedUp.Reduction;
import dev.unroll.spark.train.StepTimes.Bytes;
import dev.unroll.spark.train.StepTimes.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Tables in Markdown of what was measured, and of what follows from it. */
final class SpeedReport {

  static final String LOCAL_2 = "`local[2]`";
  static final String ONE_EXECUTOR = "1 executor";
  static final String TWO_EXECUTORS = "2 executors";

  private static final int[] EXECUTORS = {8, 64, 512};
  private static final int[] GIGABITS = {10, 100};
  private static final int MOST = 512;

  /** Steps of local SGD between averages. */
  private static final int[] AVERAGES = {8, 64};

  /** What was measured of a model in a place. */
  private record Measured(int size, String where, Split split, Bytes bytes) {}

  private final List<Measured> all = new ArrayList<>();

  /** What was measured of a way in which shards work together. */
  private record MeasuredWay(SizedModel.Way way, Measured measured) {}

  private final List<MeasuredWay> ways = new ArrayList<>();
  private final Map<Integer, Integer> parameters = new TreeMap<>();
  private double task;

  static String threads(int count) {
    return "local engine, " + count + (count == 1 ? " thread" : " threads");
  }

  void parameters(int size, int count) {
    parameters.put(size, count);
  }

  /** Says what a further task of a stage costs the driver. */
  void task(double seconds) {
    task = Math.max(0, seconds);
    print("each task of a stage takes %.2f ms of the driver's processors", 1000 * task);
  }

  void add(int size, String where, Split split, Bytes bytes) {
    all.add(new Measured(size, where, split, bytes));
    print("%d million, %s: %.3f s a step", size, where, split.whole());
  }

  /** Adds what another way takes in a place. */
  void add(int size, SizedModel.Way way, String where, Split split, Bytes bytes) {
    ways.add(new MeasuredWay(way, new Measured(size, where, split, bytes)));
    print("%d million, %s, %s: %.3f s a step", size, where, way.title, split.whole());
  }

  void print() {
    printSteps();
    printWays();
    printGatherings();
    printCheck();
    printBorder();
    printSpeedUp();
  }

  private void printSteps() {
    print("### A step, and what its time goes into");
    print(
        "| parameters | where | step | computing | parameters out | gradients back | adding up |"
            + " scheduling | optimizer | overhead | moved |");
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (int size : parameters.keySet()) {
      for (String where : List.of(threads(1), ONE_EXECUTOR, threads(2), LOCAL_2, TWO_EXECUTORS)) {
        printStep(find(size, where), "");
      }
    }
  }

  private void printWays() {
    print("### A step where shards meet less often, or send less");
    print(
        "| parameters | where | shards | step | computing | parameters out | gradients back |"
            + " adding up | scheduling | optimizer | overhead | moved |");
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (int size : parameters.keySet()) {
      for (String where : List.of(threads(2), TWO_EXECUTORS)) {
        printStep(find(size, where), " | " + SizedModel.Way.EACH_STEP.title);
        ways.stream()
            .filter(each -> each.measured.size == size && each.measured.where.equals(where))
            .forEach(each -> printStep(each.measured, " | " + each.way.title));
      }
    }
  }

  /** Prints a row, with further cells after that of where it was measured. */
  private void printStep(Measured m, String further) {
    Split s = m.split;
    boolean local = m.bytes.all() == 0;
    print(
        "| %s | %s%s | %s | %s | %s | %s | %s | %s | %s | %s | %s |",
        millions(m.size),
        m.where,
        further,
        ms(s.whole()),
        local ? "" : ms(s.compute()),
        local ? "" : ms(s.write() + s.read()),
        local ? "" : ms(s.encode() + s.decode()),
        local ? "" : ms(s.add()),
        local ? "" : ms(s.schedule()),
        local ? "" : ms(s.optimize()),
        local ? "" : String.format(Locale.ROOT, "%.1f%%", 100 * s.overhead()),
        local ? "" : megabytes(m.bytes.all()));
  }

  private void printGatherings() {
    print("### Gradients of two executors brought together");
    print(
        "| parameters | gradients | step | back and added up | parameters out | scheduling |"
            + " between executors | to the driver |");
    print("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for (int size : parameters.keySet()) {
      all.stream()
          .filter(m -> m.size == size && !m.where.equals(LOCAL_2))
          .filter(m -> m.bytes.all() > 0 && !m.where.equals(ONE_EXECUTOR))
          .forEach(this::printGathering);
    }
  }

  private void printGathering(Measured m) {
    Split s = m.split;
    print(
        "| %s | %s | %s | %s | %s | %s | %s | %s |",
        millions(m.size),
        m.where.equals(TWO_EXECUTORS) ? "collected" : m.where,
        ms(s.whole()),
        ms(s.encode() + s.decode() + s.add()),
        ms(s.write() + s.read()),
        ms(s.schedule()),
        megabytes(m.bytes.exchanged()),
        megabytes(m.bytes.returned()));
  }

  /** What one executor took, with the batch of an executor of a cluster: one shard. */
  private SpeedUp model(int size, double share) {
    Split s = find(size, ONE_EXECUTOR).split;
    double add = s.add() / SizedModel.SHARDS; // three sums, and one into zeros
    return new SpeedUp(
        new SpeedUp.Batch(share * s.compute(), s.optimize()),
        new SpeedUp.Vector(
            4.0 * parameters.get(size), s.write(), s.read(), s.encode(), s.decode(), add),
        new SpeedUp.Scheduling(s.schedule(), task));
  }

  private void printCheck() {
    print("### The step calculated from that of one executor, beside what was measured");
    print("| parameters | executors | calculated | measured | |");
    print("| --- | --- | --- | --- | --- |");
    for (int size : parameters.keySet()) {
      for (int executors = 1; executors <= 2; executors++) {
        SpeedUp model = model(size, 1.0 / executors);
        double sums = SizedModel.SHARDS / executors - 1.0; // that a task makes by itself
        double step =
            model.synchronousStep(Reduction.COLLECT, Machines.here(executors))
                + sums * model.vector().add();
        double found = find(size, executors == 1 ? ONE_EXECUTOR : TWO_EXECUTORS).split.whole();
        print(
            "| %s | %d | %s | %s | %+.0f%% |",
            millions(size), executors, ms(step), ms(found), 100 * (step / found - 1));
      }
    }
  }

  private void printBorder() {
    print("### Calculated: executors from which on slices are faster than collecting");
    print("| parameters | Gbit/s | executors |");
    print("| --- | --- | --- |");
    for (int size : parameters.keySet()) {
      for (int gigabits : GIGABITS) {
        int from = model(size, 1.0 / SizedModel.SHARDS).slicesFrom(gigabits * 1e9 / 8, MOST);
        print("| %s | %d | %d |", millions(size), gigabits, from);
      }
    }
  }

  private void printSpeedUp() {
    print("### Calculated: how often faster than one executor's core");
    print(
        "| parameters | executors | Gbit/s | collected | tree | slices | local SGD, K = %d | K = %d |"
            + " local SGD is faster from | keeps 80%% from |",
        AVERAGES[0], AVERAGES[1]);
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (int size : parameters.keySet()) {
      SpeedUp model = model(size, 1.0 / SizedModel.SHARDS);
      for (int executors : EXECUTORS) {
        for (int gigabits : GIGABITS) {
          printSpeedUp(size, model, new Machines(executors, gigabits * 1e9 / 8), gigabits);
        }
      }
    }
  }

  private void printSpeedUp(int size, SpeedUp model, Machines on, int gigabits) {
    var row = new StringBuilder();
    for (Reduction how : Reduction.values()) {
      row.append(times(model.factor(on, model.synchronousStep(how, on))));
    }
    Reduction best = Reduction.SLICES;
    for (int steps : AVERAGES) {
      row.append(times(model.factor(on, model.localStep(best, on, steps))));
    }
    print(
        "| %s | %d | %d |%s K = %d | K = %d |",
        millions(size),
        on.executors(),
        gigabits,
        row,
        model.crossover(best, on),
        model.stepsFor(0.8, best, on));
  }

  private Measured find(int size, String where) {
    return all.stream()
        .filter(m -> m.size == size && m.where.equals(where))
        .findFirst()
        .orElseThrow();
  }

  private String millions(int size) {
    return String.format(Locale.ROOT, "%.1f M", parameters.get(size) / 1e6);
  }

  private static String times(double factor) {
    return String.format(Locale.ROOT, factor < 10 ? " %.1f |" : " %.0f |", factor);
  }

  private static String ms(double seconds) {
    return String.format(Locale.ROOT, "%,.0f ms", 1000 * seconds);
  }

  private static String megabytes(long bytes) {
    return bytes == 0
        ? ""
        : String.format(Locale.ROOT, bytes < 1e7 ? "%.1f MB" : "%,.0f MB", bytes / 1e6);
  }

  private static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }
}
