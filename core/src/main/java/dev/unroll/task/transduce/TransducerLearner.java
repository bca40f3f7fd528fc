package dev.unroll.task.transduce;

import dev.unroll.base.Workers;
import dev.unroll.batch.BatchOrder;
import dev.unroll.kernel.Slice;
import dev.unroll.learn.BatchLearner;
import dev.unroll.learn.Shard;
import dev.unroll.train.Training;
import dev.unroll.train.Validation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An encoder-decoder on its pairs: the loss is the cross-entropy of each token of the target, its
 * end included, in nats. The decoder reads the tokens of the target itself (teacher forcing) or,
 * the further training has come, the more often its own (scheduled sampling, Bengio et al. 2015).
 */
public final class TransducerLearner
    extends BatchLearner<TransducerBatch, TransducerNetwork.Weights> {

  /** Pairs that are measured side by side. */
  private static final int TOGETHER = 64;

  private final TransducerNetwork network;
  private final TransducerPairs training;
  private final TransducerPairs validation;
  private final Training options;
  private final double ownTokens;
  private final @Nullable Judge judge;
  private final BatchOrder order;
  private final TransducerNetwork.Buffers space;

  /** Says how good what a network writes is. */
  @FunctionalInterface
  public interface Judge {
    /** Returns the measure that chooses the best network, of which more is better. */
    Validation.Measure judge(TransducerNetwork.Weights weights, Workers workers);
  }

  /**
   * Prepares to train {@code network} on some pairs and to choose by others.
   *
   * @param options the training options; those of streams are not used
   * @param ownTokens share of the tokens read that are the network's own, at the end of training;
   *     it grows from 0 linearly
   * @param judge chooses the best network; null where the loss does
   */
  public TransducerLearner(
      TransducerNetwork network,
      List<TransducerPairs> parts,
      Training options,
      double ownTokens,
      @Nullable Judge judge) {
    super(network);
    this.network = network;
    this.training = parts.get(0);
    this.validation = parts.get(1);
    this.options = options;
    this.ownTokens = ownTokens;
    this.judge = judge;
    order = BatchOrder.shuffled(training.size(), training::order, options.batch(), options.seed());
    space = network.newBuffers(true);
  }

  @Override
  public int batches(int epoch) {
    return order.batches();
  }

  /** The share of its own tokens grows until the last epoch. */
  @Override
  public boolean needsEnd() {
    return ownTokens > 0;
  }

  @Override
  protected TransducerBatch batch(int epoch, int index, Shard shard) {
    return training.batch(shard.of(order.batch(epoch, index)));
  }

  /** What the network reads of its own is not known before the step. */
  @Override
  protected List<Lookup> lookups(TransducerBatch batch, Step step) {
    var lookups = new ArrayList<Lookup>();
    lookups.add(new Lookup(network.sourceEmbedding(), batch.sourceTokens()));
    Slice targets = network.ownTargetEmbedding();
    if (targets != null && ownTokens == 0) {
      lookups.add(new Lookup(targets, batch.inputs()));
    }
    return lookups;
  }

  @Override
  protected int sequences(TransducerBatch batch) {
    return batch.source().batch();
  }

  @Override
  protected int targets(TransducerBatch batch) {
    return batch.target().rows();
  }

  @Override
  protected double lossAndGradient(
      TransducerBatch batch, Pass pass, float[] gradients, Workers workers) {
    double own = ownTokens * pass.epochs() / options.epochs();
    var how =
        new TransducerNetwork.Pass(
            pass.random(), pass.drops(), options.objective().labelSmoothing(), own, pass.targets());
    return network.lossAndGradient(weights, batch, how, space, gradients, workers);
  }

  @Override
  public Validation validate(float[] parameters, Workers workers) {
    network.packForward(parameters, weights, workers);
    double loss = meanLoss(List.of(network), List.of(weights), validation, workers);
    Validation.Measure measure = judge == null ? null : judge.judge(weights, workers);
    return new Validation(loss, measure);
  }

  /**
   * Returns the mean cross-entropy a token of the targets, in nats; of several networks together
   * that of the mean of their probabilities.
   */
  public static double meanLoss(
      List<TransducerNetwork> networks,
      List<TransducerNetwork.Weights> weights,
      TransducerPairs pairs,
      Workers workers) {
    var order = BatchOrder.sorted(pairs.size(), pairs::order, TOGETHER);
    var spaces = networks.stream().map(each -> each.newBuffers(false)).toList();
    double loss = 0;
    long tokens = 0;
    for (int i = 0; i < order.batches(); i++) {
      TransducerBatch batch = pairs.batch(order.batch(0, i));
      double[][] losses = new double[networks.size()][];
      for (int m = 0; m < losses.length; m++) {
        losses[m] = networks.get(m).losses(weights.get(m), batch, spaces.get(m), workers);
      }
      loss += sumOfMixed(losses);
      tokens += batch.target().rows();
    }
    return loss / Math.max(1, tokens);
  }

  /** Σ over rows of -log of the mean over networks of exp(-loss). */
  private static double sumOfMixed(double[][] losses) {
    double sum = 0;
    for (int row = 0; row < losses[0].length; row++) {
      double least = losses[0][row];
      for (double[] own : losses) {
        least = Math.min(least, own[row]);
      }
      double mean = 0;
      for (double[] own : losses) {
        mean += StrictMath.exp(least - own[row]) / losses.length;
      }
      sum += least - StrictMath.log(mean);
    }
    return sum;
  }
}
