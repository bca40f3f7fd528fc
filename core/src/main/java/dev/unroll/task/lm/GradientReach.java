package dev.unroll.task.lm;

import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.head.TokenHead;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Steps;
import dev.unroll.stack.RecurrentStack;
import java.util.Arrays;
import java.util.List;

/** How far back the gradient of a token's loss reaches, which is what gates are for. */
public final class GradientReach {

  private GradientReach() {}

  /**
   * Returns the norm of the gradient of the last token's loss in the last layer's output, by the
   * number of steps before it: the mean over sentences.
   *
   * @param sentences the ids of each, at least {@code steps} of them
   * @param steps how many steps are looked back
   */
  public static double[] mean(
      LanguageNetwork network, float[] parameters, List<int[]> sentences, int steps) {
    var weights = network.newWeights(Precision.FLOAT32);
    network.packForTraining(parameters, weights, null, Workers.single());
    var buffers = network.newTrainingBuffers(0);
    double[] mean = new double[steps];
    for (int[] ids : sentences) {
      double[] norms = norms(network, weights, ids, buffers);
      for (int k = 0; k < steps; k++) {
        mean[k] += norms[k] / sentences.size();
      }
    }
    return mean;
  }

  /**
   * Returns how much gradient of the last token's loss L⟨T⟩ arrives at each step before it: element
   * k is the Euclidean norm of ∂L⟨T⟩/∂a⟨T-k⟩, of the last layer's output.
   *
   * @param w weights packed by {@link LanguageNetwork#packForTraining}
   * @param ids a sentence of two tokens or more
   * @param buffers of {@link LanguageNetwork#newTrainingBuffers} that hold all steps
   */
  static double[] norms(
      LanguageNetwork network,
      LanguageNetwork.Weights w,
      int[] ids,
      LanguageNetwork.Buffers buffers) {
    int length = ids.length;
    int[] inputs = TextPart.inputs(Embedding.START, ids);
    Workers one = Workers.single();
    RecurrentStack.Tape tape = buffers.tape;
    network.forward(w, Steps.of(length), inputs, network.startState(w, 1), buffers, one);
    tape.beginBackward();
    Matrix gradient = tape.dOutput();
    for (int row = 0; row < length; row++) {
      int at = gradient.row(row);
      Arrays.fill(gradient.data(), at, at + gradient.columns(), 0f);
    }
    float[] unused = new float[network.size()];
    w.head.lossAndGradient(
        buffers.head,
        tape.output().rows(length - 1, length),
        new TokenHead.Loss(new int[] {ids[length - 1]}, 0, 1f),
        new TokenHead.Gradients(gradient.rows(length - 1, length), unused),
        one);
    network.encoder.backward(w.encoder, tape, null, unused, one);
    double[] norms = new double[length];
    for (int k = 0; k < length; k++) {
      int at = gradient.row(length - 1 - k);
      double squares = 0;
      for (int j = 0; j < gradient.columns(); j++) {
        squares += (double) gradient.data()[at + j] * gradient.data()[at + j];
      }
      norms[k] = Math.sqrt(squares);
    }
    return norms;
  }
}
