package dev.unroll.bench.dl4j;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;

/** A language model forward, up to the loss. */
final class LanguageModelForward implements Contender.Prepared {

  private final MultiLayerNetwork network;
  private final DataSet tokens;
  private final int steps;

  LanguageModelForward(Case work) {
    network = Networks.languageModel(work, Activation.SOFTMAX);
    tokens = Layout.tokens(work);
    steps = work.steps();
  }

  @Override
  public double[] numbers() {
    return new double[] {network.score(tokens, false) / steps}; // the score adds the steps up
  }

  @Override
  public void run() {
    double loss = network.score(tokens, false);
    if (!Double.isFinite(loss)) {
      throw new IllegalStateException("the loss is " + loss);
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
