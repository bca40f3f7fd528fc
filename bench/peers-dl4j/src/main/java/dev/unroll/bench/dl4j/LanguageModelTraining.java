package dev.unroll.bench.dl4j;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Training steps of a language model, by {@code fit}, which computes all logits twice, for the
 * gradient and again for the loss; this cannot be switched off.
 */
final class LanguageModelTraining implements Contender.Prepared {

  private static final int STEPS = 3;

  private final MultiLayerNetwork network;
  private final DataSet tokens;
  private final int steps;

  LanguageModelTraining(Case work) {
    network = Networks.languageModel(work, Activation.SOFTMAX);
    tokens = Layout.tokens(work);
    steps = work.steps();
  }

  @Override
  public double[] numbers() {
    double[] losses = new double[STEPS];
    for (int i = 0; i < STEPS; i++) {
      network.fit(tokens);
      losses[i] = network.score() / steps; // of before the update; the score adds the steps up
    }
    return losses;
  }

  /** Runs one step. The norm is that of the update, which is the gradient times the rate. */
  @Override
  public void run() {
    network.fit(tokens);
    double norm = network.getFlattenedGradients().norm2Number().doubleValue();
    if (!Double.isFinite(norm)) {
      throw new IllegalStateException("the norm of the gradient is " + norm);
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
