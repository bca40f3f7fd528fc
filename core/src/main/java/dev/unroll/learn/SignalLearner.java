package dev.unroll.learn;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.batch.BatchOrder;
import dev.unroll.batch.SignalBatch;
import dev.unroll.stack.SignalNetwork;

/** Trains a {@link SignalNetwork}: its batches and steps; the loss of its outputs is the task's. */
public abstract class SignalLearner
    extends BatchLearner<SignalLearner.Chosen, SignalNetwork.Weights> {

  /** Sequences that are measured side by side. */
  protected static final int TOGETHER = 64;

  /** The network that is trained. */
  protected final SignalNetwork network;

  private final BatchOrder order;
  private final SignalNetwork.Buffers space;

  /** Prepares to train a network on batches in some order. */
  protected SignalLearner(SignalNetwork network, BatchOrder order) {
    super(network);
    this.network = network;
    this.order = order;
    space = network.newBuffers(true);
  }

  /**
   * A batch of training sequences.
   *
   * @param numbers the numbers of the sequences
   * @param batch what the network reads of them
   */
  public record Chosen(int[] numbers, SignalBatch batch) {}

  /** Returns the training sequences with the numbers {@code chosen}. */
  protected abstract SignalBatch batch(int[] chosen);

  /** Returns how many targets these sequences have. */
  protected abstract int targets(int[] chosen);

  /**
   * Replaces the outputs of a batch by the gradient of the loss, times {@code scale}, and returns
   * the loss.
   */
  protected abstract double lossAndGradient(
      Chosen chosen, Matrix outputs, float scale, Workers workers);

  @Override
  public int batches(int epoch) {
    return order.batches();
  }

  @Override
  protected Chosen batch(int epoch, int index, Shard shard) {
    int[] numbers = shard.of(order.batch(epoch, index));
    return new Chosen(numbers, batch(numbers));
  }

  @Override
  protected int sequences(Chosen chosen) {
    return chosen.numbers.length;
  }

  @Override
  protected int targets(Chosen chosen) {
    return targets(chosen.numbers);
  }

  @Override
  protected double lossAndGradient(Chosen chosen, Pass pass, float[] gradients, Workers workers) {
    return network.lossAndGradient(
        weights,
        chosen.batch,
        outputs -> lossAndGradient(chosen, outputs, pass.scale(), workers),
        pass.noise(),
        space,
        gradients,
        workers);
  }
}
