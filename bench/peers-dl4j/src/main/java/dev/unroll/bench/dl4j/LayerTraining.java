package dev.unroll.bench.dl4j;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Bare layers forward, and backward from a given gradient, which Deeplearning4j calls external
 * errors. Each backward pass clears the layers' gradients.
 */
final class LayerTraining implements Contender.Prepared {

  private final MultiLayerNetwork network;
  private final INDArray x;
  private final INDArray dy;

  LayerTraining(Case work) {
    network = Networks.layers(work);
    int count = work.steps() * work.batch() * work.units();
    x = sequences(Kind.INPUT, count, work);
    dy = sequences(Kind.OUTPUT_GRADIENT, count, work);
  }

  private static INDArray sequences(Kind kind, int count, Case work) {
    return Layout.sequences(Numbers.uniform(kind, 0, count, 1), work.steps(), work.batch());
  }

  @Override
  public double[] numbers() {
    float[] y = Layout.values(forward());
    Pair<Gradient, INDArray> back = backward();
    Gradient gradient = back.getFirst();
    return new double[] {
      Numbers.checkSum(y),
      Numbers.norm(y),
      norm(back.getSecond()),
      norm(gradient.getGradientFor("0_W")),
      norm(gradient.getGradientFor("0_RW")),
      norm(gradient.getGradientFor("0_b"))
    };
  }

  private static double norm(INDArray array) {
    return Numbers.norm(Layout.flat(array));
  }

  @Override
  public void run() {
    INDArray y = forward();
    backward().getSecond().close(); // else its memory waits for the garbage collector
    y.close();
  }

  /** Returns the outputs of the last layer; each layer keeps its input for the backward pass. */
  private INDArray forward() {
    network.setInput(x);
    return network.feedForward(true, false).get(network.getnLayers());
  }

  /** Returns the gradients of the weights, and of the inputs. */
  private Pair<Gradient, INDArray> backward() {
    // The argument is not used: the network opens its own workspaces.
    return network.backpropGradient(dy, LayerWorkspaceMgr.noWorkspaces());
  }

  @Override
  public void close() {
    network.close();
  }
}
