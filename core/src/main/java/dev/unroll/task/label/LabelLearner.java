package dev.unroll.task.label;

import dev.unroll.data.BatchOrder;
import dev.unroll.data.TokenVectors;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Workers;
import dev.unroll.train.Learner;
import dev.unroll.train.Training;
import java.util.ArrayList;
import java.util.List;

/**
 * A network that labels, on its sequences: the loss is the cross-entropy of a label, or of the
 * labels of a sequence together, in nats a target. The best network is the one that its judge finds
 * best.
 */
public final class LabelLearner implements Learner {

  private final LabelNetwork network;
  private final LabelExamples training;
  private final Training options;
  private final LabelJudge judge;
  private final float[] labelWeights;
  private final TokenVectors vectors;
  private final BatchOrder order;
  private final LabelEvaluator evaluator;
  private final LabelNetwork.Weights weights;
  private final LabelNetwork.Buffers space;

  /**
   * Prepares to train {@code network} on some sequences and to choose by others.
   *
   * @param options the course of the run; those of streams are not used
   * @param judge says how good labels of the validation part are
   * @param labelWeights how much each label's losses count; empty for all alike
   * @param vectors vectors of tokens that were trained before
   */
  public LabelLearner(
      LabelNetwork network,
      LabelExamples training,
      LabelExamples validation,
      Training options,
      LabelJudge judge,
      float[] labelWeights,
      TokenVectors vectors) {
    this.network = network;
    this.training = training;
    this.options = options;
    this.judge = judge;
    this.labelWeights = labelWeights.clone();
    this.vectors = vectors;
    order = BatchOrder.shuffled(training.size(), training::length, options.batch(), options.seed());
    evaluator = new LabelEvaluator(network, validation);
    weights = network.newWeights(Precision.FLOAT32);
    space = network.newBuffers(true);
  }

  @Override
  public float[] initialize(long seed) {
    float[] parameters = network.initialize(seed);
    vectors.copyTo(parameters, network.embeddingWeight());
    return parameters;
  }

  @Override
  public int batches(int epoch) {
    return order.batches();
  }

  @Override
  public Loss lossAndGradient(float[] parameters, Step step, float[] gradients, Workers workers) {
    boolean drops = !network.description().network().dropouts().none();
    CounterRandom noise = drops ? step.random() : null;
    network.packForTraining(parameters, weights, noise, workers);
    List<LabelBatch> some = new ArrayList<>();
    for (int i = step.from(); i < step.to(); i++) {
      int[] chosen = order.batch(step.epoch(), i);
      some.add(training.batch(chosen, network.description().output()));
    }
    int targets = some.stream().mapToInt(network::targets).sum();
    double loss = 0;
    for (int i = 0; i < some.size(); i++) {
      CounterRandom own = noise == null ? null : step.random(i);
      var pass =
          new LabelNetwork.Pass(
              own, 1f / targets, options.objective().labelSmoothing(), labelWeights);
      loss += network.lossAndGradient(weights, some.get(i), pass, space, gradients, workers);
    }
    network.dropGradients(weights, gradients, noise, workers);
    vectors.freeze(gradients, network.embeddingWeight());
    return new Loss(loss, targets);
  }

  @Override
  public Validation validate(float[] parameters, Workers workers) {
    network.packForward(parameters, weights, workers);
    LabelEvaluator.Measured measured = evaluator.measure(weights, workers);
    return new Validation(measured.meanLoss(), judge.judge(measured.labels()));
  }
}
