package dev.unroll.bench.dl4j;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** A language model that reads the tokens it draws; the network keeps the state. */
final class LanguageModelStream implements Contender.Prepared {

  private static final int STEPS = 3;

  private final MultiLayerNetwork network;
  private final INDArray input = Nd4j.create(DataType.INT32, 1, 1);
  private final int[] first;
  private final SplittableRandom random = new SplittableRandom(1);

  LanguageModelStream(Case work) {
    network = Networks.languageModel(work, Activation.IDENTITY);
    first = Numbers.tokens(Kind.INPUT_TOKEN, STEPS, work.vocabulary());
  }

  @Override
  public double[] numbers() {
    network.rnnClearPreviousState();
    float[] logits = {};
    for (int token : first) {
      logits = Layout.flat(read(token));
    }
    return new double[] {Numbers.checkSum(logits), Numbers.norm(logits)};
  }

  @Override
  public void run() {
    try (INDArray probabilities = Transforms.softmax(read(input.getInt(0)), false)) {
      input.putScalar(0, draw(probabilities.toFloatVector()));
    }
  }

  /** Returns the logits after a token, [1][V]. */
  private INDArray read(int token) {
    input.putScalar(0, token);
    return network.rnnTimeStep(input);
  }

  private int draw(float[] probabilities) {
    double rest = random.nextDouble();
    int token = 0;
    while (token < probabilities.length - 1 && rest >= probabilities[token]) {
      rest -= probabilities[token++];
    }
    return token;
  }

  @Override
  public void close() {
    network.close();
  }
}
