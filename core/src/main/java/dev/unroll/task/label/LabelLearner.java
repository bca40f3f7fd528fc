package dev.unroll.task.label;

import dev.unroll.base.Workers;
import dev.unroll.batch.BatchOrder;
import dev.unroll.learn.BatchLearner;
import dev.unroll.learn.Shard;
import dev.unroll.train.Training;
import dev.unroll.train.Validation;
import java.util.List;
import java.util.Map;

/**
 * A network that labels, on its sequences: the loss is the cross-entropy of a label, or of the
 * labels of a sequence together, in nats per target. The best network is the one that its judge
 * finds best.
 */
public final class LabelLearner extends BatchLearner<LabelBatch, LabelNetwork.Weights> {

  private final LabelNetwork network;
  private final LabelExamples training;
  private final Training options;
  private final LabelJudge judge;
  private final Given given;
  private final BatchOrder order;
  private final LabelEvaluator evaluator;
  private final LabelNetwork.Buffers space;

  /**
   * What is given from outside.
   *
   * @param labelWeights how much each label's losses count; empty for all alike
   * @param vectors vectors of tokens that were trained before
   */
  public record Given(float[] labelWeights, TokenVectors vectors) {
    /** All labels count alike, and no vector was trained before. */
    public static final Given NOTHING = new Given(new float[0], TokenVectors.NONE);
  }

  /**
   * Prepares to train {@code network} on some sequences and to choose by others.
   *
   * @param parts sequences to learn from, and those that choose the best parameters
   * @param options options of the run; those of streams are not used
   * @param judge says how good labels of the validation part are
   */
  public LabelLearner(
      LabelNetwork network,
      List<LabelExamples> parts,
      Training options,
      LabelJudge judge,
      Given given) {
    super(network);
    this.network = network;
    this.options = options;
    this.judge = judge;
    this.given = given;
    training = parts.get(0);
    order = BatchOrder.shuffled(training.size(), training::length, options.batch(), options.seed());
    evaluator = new LabelEvaluator(network, parts.get(1));
    space = network.newBuffers(true);
  }

  @Override
  public float[] initialize(long seed) {
    float[] parameters = super.initialize(seed);
    given.vectors.copyTo(parameters, network.embeddingWeight());
    return parameters;
  }

  @Override
  public int batches(int epoch) {
    return order.batches();
  }

  @Override
  protected LabelBatch batch(int epoch, int index, Shard shard) {
    return training.batch(shard.of(order.batch(epoch, index)), network.description().output());
  }

  @Override
  protected List<Lookup> lookups(LabelBatch batch, Step step) {
    return List.of(new Lookup(network.embeddingWeight(), batch.tokens()));
  }

  @Override
  protected int sequences(LabelBatch batch) {
    return batch.steps().batch();
  }

  @Override
  protected int targets(LabelBatch batch) {
    return network.targets(batch);
  }

  @Override
  protected double lossAndGradient(
      LabelBatch batch, Pass pass, float[] gradients, Workers workers) {
    var how =
        new LabelNetwork.Pass(
            pass.noise(), pass.scale(), options.objective().labelSmoothing(), given.labelWeights);
    return network.lossAndGradient(weights, batch, how, space, gradients, workers);
  }

  @Override
  public ShardLoss shard(
      Shard shard, Map<String, float[]> carried, float[] gradients, Workers workers) {
    ShardLoss loss = super.shard(shard, carried, gradients, workers);
    given.vectors.freeze(gradients, network.embeddingWeight());
    return loss;
  }

  @Override
  public Validation validate(float[] parameters, Workers workers) {
    network.packForward(parameters, weights, workers);
    LabelEvaluator.Measured measured = evaluator.measure(weights, workers);
    return new Validation(measured.meanLoss(), judge.judge(measured.labels()));
  }
}
