package dev.unroll.bench.unroll;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import dev.unroll.bench.contender.Work;
import dev.unroll.kernel.Layout;
import dev.unroll.layer.LayerState;
import dev.unroll.layer.LayerTape;
import dev.unroll.layer.RecurrentLayer;
import dev.unroll.layer.RecurrentWeights;
import dev.unroll.layer.Steps;
import java.util.Arrays;

/** One layer on a batch of equal sequences: forward, or forward and backward. */
final class LayerCase implements Contender.Prepared {

  private final Case work;
  private final Workers workers;
  private final Steps steps;
  private final RecurrentLayer layer;
  private final RecurrentWeights weights;
  private final LayerTape tape;
  private final LayerState start;
  private final float[] parameters;
  private final float[] gradients;
  private final Matrix x;
  private final Matrix dx;
  private final float[] dy;

  LayerCase(Case work, Workers workers) {
    this.work = work;
    this.workers = workers;
    var layout = new Layout();
    int units = work.units();
    layer = new RecurrentLayer(CaseNetwork.cell(work.cell()), units, units, "layers.0.", layout);
    parameters = CaseNetwork.parameters(layout, work);
    gradients = new float[parameters.length];
    steps = Steps.equal(work.steps(), work.batch());
    int size = steps.rows() * units;
    x = Matrix.of(Numbers.uniform(Kind.INPUT, 0, size, 1), steps.rows(), units);
    dx = Matrix.of(new float[size], steps.rows(), units);
    dy = Numbers.uniform(Kind.OUTPUT_GRADIENT, 0, size, 1);
    start = layer.zeroState(work.batch());
    tape = layer.newTape(work.work() == Work.TRAIN);
    tape.begin(steps);
    weights = layer.newWeights();
    weights.packForward(parameters, workers);
  }

  @Override
  public double[] numbers() {
    run();
    float[] y = tape.output().copyOfElements();
    double sum = Numbers.checkSum(y);
    if (work.work() == Work.FORWARD) {
      return new double[] {sum, Numbers.norm(y)};
    }
    int input = work.cell().gates() * work.units() * work.units();
    return new double[] {
      sum,
      Numbers.norm(y),
      Numbers.norm(dx.data()),
      Numbers.norm(Arrays.copyOfRange(gradients, 0, input)),
      Numbers.norm(Arrays.copyOfRange(gradients, input, 2 * input)),
      Numbers.norm(
          Arrays.copyOfRange(gradients, 2 * input, 2 * input + work.cell().gates() * work.units()))
    };
  }

  @Override
  public void run() {
    if (work.work() == Work.FORWARD) {
      layer.forward(weights, x, start, tape, workers);
      return;
    }
    // The weights change with each update, so a training step always packs them.
    weights.packForward(parameters, workers);
    weights.packBackward(parameters, workers);
    Arrays.fill(gradients, 0f);
    layer.forward(weights, x, start, tape, workers);
    tape.beginBackward();
    System.arraycopy(dy, 0, tape.dOutput().data(), tape.dOutput().offset(), dy.length);
    layer.backward(weights, tape, dx, gradients, workers);
  }
}
