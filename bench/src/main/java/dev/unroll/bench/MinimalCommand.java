package dev.unroll.bench;

import dev.unroll.base.Workers;
import dev.unroll.bench.unroll.TrainingSteps;
import dev.unroll.cell.Cell;
import dev.unroll.cells.FullGruCell;
import dev.unroll.cells.LstmCell;
import dev.unroll.cells.MinimalGruCell;
import dev.unroll.cells.MinimalLstmCell;
import dev.unroll.cells.Peepholes;
import dev.unroll.kernel.Kernels;
import dev.unroll.network.Network;
import dev.unroll.task.lm.LanguageLearner;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.train.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code unroll-bench minimal}: minGRU and minLSTM beside an LSTM of equal size. */
@Command(
    name = "minimal",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Times a training step of a language model of characters with LSTM, GRU, minGRU and minLSTM"
            + " layers of equal size, in turns in one process.",
    footer = {
      "",
      "A step reads T characters of each of B texts. A ratio says how many times as fast as the LSTM.",
    })
final class MinimalCommand implements Callable<Integer> {

  private static final int VOCABULARY = 66;
  private static final int BATCHES = 4;
  private static final double RATE = 0.1;
  private static final double WARM_UP_SECONDS = 3;
  private static final double TURN_SECONDS = 0.3;

  @Option(names = "--threads", split = ",", paramLabel = "N", description = "Default: 1,2.")
  List<Integer> threads = List.of(1, 2);

  @Option(names = "--rounds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  int rounds = 9;

  /** The first is what the others are compared with. */
  private static final List<Cell> CELLS =
      List.of(
          new LstmCell(Peepholes.NONE),
          new FullGruCell(false),
          new MinimalGruCell(),
          new MinimalLstmCell());

  private record Shape(int steps, int batch, int... units) {
    @Override
    public String toString() {
      return "T %,d, B %d, H %s"
          .formatted(steps, batch, units.length == 1 ? units[0] : units.length + "×" + units[0]);
    }
  }

  private static final List<Shape> SHAPES =
      List.of(
          new Shape(50, 50, 128),
          new Shape(128, 32, 256),
          new Shape(128, 32, 256, 256),
          new Shape(128, 64, 512),
          new Shape(1000, 1, 256));

  @Override
  public Integer call() {
    System.out.printf(
        "%s, Java %s, %s%n%n", Processor.name(), Runtime.version(), Kernels.description());
    System.out.printf("| characters, V %d | threads |", VOCABULARY);
    CELLS.forEach(cell -> System.out.printf(" %s |", cell.label()));
    System.out.println("%n| --- | --- |".formatted() + " --- |".repeat(CELLS.size()));
    for (Shape shape : SHAPES) {
      for (int count : threads) {
        try (var workers = new Workers(count)) {
          measure(shape, workers);
        }
      }
    }
    return 0;
  }

  private void measure(Shape shape, Workers workers) {
    var turns = new ArrayList<Turn>();
    for (Cell cell : CELLS) {
      turns.add(new Turn(step(shape, cell, workers)));
    }
    Turn.take(turns, WARM_UP_SECONDS, TURN_SECONDS, rounds);
    Turn first = turns.getFirst();
    System.out.printf("| %s | %d | %s |", shape, workers.threads(), first.time());
    for (Turn each : turns.subList(1, turns.size())) {
      System.out.printf(" %s, %s |", each.time(), first.ratioTo(each));
    }
    System.out.println();
  }

  /** Returns a step of training. */
  private static Runnable step(Shape shape, Cell cell, Workers workers) {
    var network = new LanguageNetwork(Network.of(cell, shape.units), VOCABULARY);
    var options = Training.defaults().withBatch(shape.batch, shape.steps);
    long size = (long) BATCHES * shape.batch * shape.steps + 1;
    var learner =
        new LanguageLearner(
            network,
            RandomIds.ofSize(VOCABULARY, size),
            RandomIds.ofSize(VOCABULARY, 256),
            options);
    int batches = learner.batches(0);
    var steps = new TrainingSteps(learner, learner.initialize(1), RATE, workers);
    int[] next = {0};
    return () -> steps.step(next[0]++ % batches);
  }
}
