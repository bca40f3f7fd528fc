package dev.unroll.bench.dl4j;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import java.util.Arrays;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One step of one sequence; the network keeps the state. */
final class LayerStream implements Contender.Prepared {

  private static final int STEPS = 3;

  private final MultiLayerNetwork network;
  private final INDArray[] x = new INDArray[STEPS];
  private int next;

  LayerStream(Case work) {
    network = Networks.layers(work);
    int units = work.units();
    float[] rows = Numbers.uniform(Kind.INPUT, 0, STEPS * units, 1);
    for (int i = 0; i < STEPS; i++) {
      float[] row = Arrays.copyOfRange(rows, i * units, (i + 1) * units);
      x[i] = Layout.sequences(row, 1, 1);
    }
  }

  @Override
  public double[] numbers() {
    network.rnnClearPreviousState();
    float[] a = {};
    for (INDArray row : x) {
      a = Layout.values(network.rnnTimeStep(row));
    }
    return new double[] {Numbers.checkSum(a), Numbers.norm(a)};
  }

  @Override
  public void run() {
    network.rnnTimeStep(x[next]).close(); // else its memory waits for the garbage collector
    next = (next + 1) % STEPS;
  }

  @Override
  public void close() {
    network.close();
  }
}
