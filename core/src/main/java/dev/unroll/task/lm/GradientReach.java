package dev.unroll.task.lm;

import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
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
      double[] norms = network.gradientNorms(weights, ids, buffers);
      for (int k = 0; k < steps; k++) {
        mean[k] += norms[k] / sentences.size();
      }
    }
    return mean;
  }
}
