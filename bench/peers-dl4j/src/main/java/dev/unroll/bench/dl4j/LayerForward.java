package dev.unroll.bench.dl4j;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** All steps of bare layers forward, in inference mode. */
final class LayerForward implements Contender.Prepared {

  private final MultiLayerNetwork network;
  private final INDArray x;

  LayerForward(Case work) {
    network = Networks.layers(work);
    int count = work.steps() * work.batch() * work.units();
    x = Layout.sequences(Numbers.uniform(Kind.INPUT, 0, count, 1), work.steps(), work.batch());
  }

  @Override
  public double[] numbers() {
    float[] y = Layout.values(network.output(x, false));
    return new double[] {Numbers.checkSum(y), Numbers.norm(y)};
  }

  @Override
  public void run() {
    network.output(x, false).close(); // else its memory waits for the garbage collector
  }

  @Override
  public void close() {
    network.close();
  }
}
