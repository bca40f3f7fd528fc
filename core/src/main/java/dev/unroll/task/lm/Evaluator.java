package dev.unroll.task.lm;

import dev.unroll.base.Workers;
import dev.unroll.batch.Batch;
import dev.unroll.batch.Batches;
import dev.unroll.network.NetworkState;
import java.util.function.DoubleConsumer;
import java.util.stream.DoubleStream;

/** Measures the mean loss of a network on batches, without training on them. */
public final class Evaluator {

  private final LanguageNetwork network;
  private final Batches batches;
  private final LanguageNetwork.Buffers buffers;

  /** Measures {@code network} on {@code batches}. */
  public Evaluator(LanguageNetwork network, Batches batches) {
    this.network = network;
    this.batches = batches;
    this.buffers = network.newBuffers();
  }

  /** Returns the mean cross-entropy per token, in nats. */
  public double meanLoss(LanguageNetwork.Weights weights, Workers workers) {
    double[] total = {0};
    long[] tokens = {0};
    forEach(
        weights,
        workers,
        loss -> {
          total[0] += loss;
          tokens[0]++;
        });
    return total[0] / Math.max(1, tokens[0]);
  }

  /** Returns the cross-entropy of each token, in nats, in the order of the batches. */
  double[] losses(LanguageNetwork.Weights weights, Workers workers) {
    var losses = DoubleStream.builder();
    forEach(weights, workers, losses);
    return losses.build().toArray();
  }

  private void forEach(LanguageNetwork.Weights weights, Workers workers, DoubleConsumer reader) {
    NetworkState state = network.plainStart(weights, 0);
    for (int i = 0; i < batches.count(0); i++) {
      Batch batch = batches.batch(0, i);
      NetworkState start = network.startState(weights, batch, state);
      state = network.forward(weights, batch, start, buffers, workers);
      double[] losses = new double[batch.steps().rows()];
      network.score(
          weights,
          buffers,
          batch.targets(),
          false,
          (row, logProbability, rank) -> losses[row] = -logProbability,
          workers);
      for (double loss : losses) {
        reader.accept(loss);
      }
    }
  }
}
