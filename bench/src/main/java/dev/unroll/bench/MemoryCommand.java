package dev.unroll.bench;

import dev.unroll.base.Workers;
import dev.unroll.batch.Batch;
import dev.unroll.layer.Steps;
import dev.unroll.network.Network;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.task.lm.LanguagePass;
import dev.unroll.train.Objective;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code unroll-bench memory}: the memory of training per token, and the cost of holding less. */
@Command(
    name = "memory",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Prints the memory per token that a training step of a character language model holds "
            + "besides weights, and its speed, with all activations and with those of some steps only.")
final class MemoryCommand implements Callable<Integer> {

  private static final int VOCABULARY = 66;
  private static final int RUNS = 5;

  @Option(
      names = "--units",
      defaultValue = "256",
      description = "Width of the LSTM layer. Default: ${DEFAULT-VALUE}.")
  int units = 256;

  @Option(
      names = "--steps",
      defaultValue = "1000",
      description = "Steps of each of 16 sequences. Default: ${DEFAULT-VALUE}.")
  int steps = 1000;

  @Override
  public Integer call() {
    var network = new LanguageNetwork(Network.lstm(units), VOCABULARY);
    System.out.printf(
        "LSTM %d, V %d, T %,d, B 16%n%18s %10s %16s %14s%n",
        units, VOCABULARY, steps, "checkpoint steps", "memory", "bytes per token", "tokens/s");
    try (var workers = new Workers(Runtime.getRuntime().availableProcessors())) {
      for (int checkpoint : new int[] {0, 200, 50}) {
        measure(network, checkpoint, workers);
      }
    }
    return 0;
  }

  private void measure(LanguageNetwork network, int checkpoint, Workers workers) {
    var shape = Steps.equal(steps, 16);
    int[] inputs = new int[shape.rows()];
    var ids = RandomIds.ofSize(VOCABULARY, shape.rows());
    Arrays.setAll(inputs, ids::id);
    var batch = new Batch(shape, inputs, inputs, false);
    float[] parameters = network.initialize(1);
    float[] gradients = new float[parameters.length];
    var weights = network.pack(parameters, workers);
    network.packForTraining(parameters, weights, null, workers);
    var pass = new LanguagePass(null, Objective.CROSS_ENTROPY, shape.rows());
    long before = used();
    var buffers = network.newTrainingBuffers(checkpoint);
    double[] seconds = new double[RUNS];
    long held = 0;
    try {
      for (int run = 0; run < RUNS; run++) {
        long start = System.nanoTime();
        network.lossAndGradient(
            weights, batch, network.startState(weights, 16), pass, buffers, gradients, workers);
        seconds[run] = (System.nanoTime() - start) * 1e-9;
      }
      held = used() - before;
    } finally {
      Reference.reachabilityFence(buffers);
    }
    Arrays.sort(seconds);
    System.out.printf(
        "%18s %,6d MiB %,16d %,14.0f%n",
        checkpoint == 0 ? "all" : checkpoint,
        held >> 20,
        held / shape.rows(),
        shape.rows() / seconds[RUNS / 2]);
  }

  /** Bytes in use after garbage collection. */
  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
