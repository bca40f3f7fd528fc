package dev.unroll.bench.unroll;

import dev.unroll.base.Workers;
import dev.unroll.batch.Batch;
import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import dev.unroll.bench.contender.Work;
import dev.unroll.kernel.Reductions;
import dev.unroll.kernel.Softmax;
import dev.unroll.layer.Steps;
import dev.unroll.network.NetworkState;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.task.lm.LanguagePass;
import dev.unroll.train.Objective;
import dev.unroll.train.optimizer.Optimizer;
import dev.unroll.train.optimizer.Sgd;
import java.util.Arrays;

/** A whole training step of a language model, or only its loss. */
final class LanguageModelCase implements Contender.Prepared {

  private static final int UPDATE_GRAIN = 4096;

  private final Case work;
  private final Workers workers;
  private final LanguageNetwork network;
  private final LanguageNetwork.Weights weights;
  private final LanguageNetwork.Buffers buffers;
  private final NetworkState start;
  private final Batch batch;
  private final float[] parameters;
  private final float[] gradients;
  private final double[] losses;
  private final Optimizer.Update update;
  private long step;
  private double loss;

  LanguageModelCase(Case work, Workers workers) {
    this.work = work;
    this.workers = workers;
    network = new LanguageNetwork(CaseNetwork.network(work), work.vocabulary());
    parameters = CaseNetwork.parameters(network.slices(), network.size(), work);
    gradients = new float[parameters.length];
    weights = network.pack(parameters, workers);
    buffers = work.work() == Work.TRAIN ? network.newTrainingBuffers(0) : network.newBuffers();
    start = network.startState(weights, work.batch());
    var steps = Steps.equal(work.steps(), work.batch());
    losses = new double[steps.rows()];
    batch =
        new Batch(
            steps,
            Numbers.tokens(Kind.INPUT_TOKEN, steps.rows(), work.vocabulary()),
            Numbers.tokens(Kind.TARGET_TOKEN, steps.rows(), work.vocabulary()),
            false);
    update = new Sgd(1, 0).newUpdate(parameters.length);
  }

  @Override
  public double[] numbers() {
    double[] numbers = new double[work.work() == Work.TRAIN ? 3 : 1];
    for (int i = 0; i < numbers.length; i++) {
      run();
      numbers[i] = loss;
    }
    return numbers;
  }

  @Override
  public void run() {
    loss = (work.work() == Work.TRAIN ? train() : forward()) / batch.steps().rows();
  }

  /** What Trainer does in a step. */
  private double train() {
    network.packForTraining(parameters, weights, null, workers);
    workers.run(gradients.length, UPDATE_GRAIN, (from, to) -> Arrays.fill(gradients, from, to, 0f));
    var pass = new LanguagePass(null, Objective.CROSS_ENTROPY, batch.steps().rows());
    double sum =
        network.lossAndGradient(weights, batch, start, pass, buffers, gradients, workers).loss();
    if (!Double.isFinite(Reductions.norm(gradients, workers))) {
      throw new IllegalStateException("the gradient is not finite");
    }
    var next = new Optimizer.Step(++step, 1, 1f);
    workers.run(
        parameters.length,
        UPDATE_GRAIN,
        (from, to) -> update.apply(parameters, gradients, next, from, to));
    return sum;
  }

  private double forward() {
    network.forward(weights, batch.steps(), batch.inputs(), start, buffers, workers);
    int[] targets = batch.targets();
    int vocabulary = work.vocabulary();
    network.readLogits(
        weights,
        buffers,
        (logits, offset, row) ->
            losses[row] =
                Softmax.logSumExp(logits, offset, vocabulary) - logits[offset + targets[row]],
        workers);
    return Arrays.stream(losses).sum();
  }
}
