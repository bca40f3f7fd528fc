package dev.unroll.interop.weights;

import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Layout;
import dev.unroll.layer.Steps;
import dev.unroll.network.Network;
import dev.unroll.stack.RecurrentStack;
import java.util.List;

/** The recurrent layers of a network from elsewhere, run by our engine. */
public final class EngineForward {

  private EngineForward() {}

  /** The outputs of all layers, [B][T][outputs], of sequences [B][T][inputs]. */
  public static double[][][] run(List<PortableLayer> layers, double[][][] sequences) {
    var portable = new PortableNetwork(null, layers, null, null);
    Network network = Conversion.network(portable);
    var layout = new Layout();
    int inputs = layers.getFirst().cell().inputs();
    var stack = new RecurrentStack(network, 0, inputs, "", layout);
    float[] parameters = Conversion.parameters(portable, layout);
    RecurrentStack.Weights weights = stack.newWeights(Precision.FLOAT32);
    stack.packForward(parameters, weights, Workers.single());
    var lengths = new int[sequences.length];
    for (int s = 0; s < lengths.length; s++) {
      lengths[s] = sequences[s].length;
    }
    Steps steps = Steps.of(lengths);
    var x = new float[steps.rows() * inputs];
    for (int s = 0; s < lengths.length; s++) {
      for (int t = 0; t < lengths[s]; t++) {
        for (int i = 0; i < inputs; i++) {
          x[steps.row(t, s) * inputs + i] = (float) sequences[s][t][i];
        }
      }
    }
    RecurrentStack.Tape tape = stack.newTape(false);
    tape.append(Matrix.of(x, steps.rows(), inputs));
    var start = stack.startState(weights, lengths.length);
    stack.forward(weights, steps, new int[steps.rows()], start, null, tape, Workers.single());
    return outputs(steps, lengths, tape.output());
  }

  private static double[][][] outputs(Steps steps, int[] lengths, Matrix rows) {
    var y = new double[lengths.length][][];
    for (int s = 0; s < lengths.length; s++) {
      y[s] = new double[lengths[s]][rows.columns()];
      for (int t = 0; t < lengths[s]; t++) {
        int at = rows.row(steps.row(t, s));
        for (int i = 0; i < rows.columns(); i++) {
          y[s][t][i] = rows.data()[at + i];
        }
      }
    }
    return y;
  }
}
