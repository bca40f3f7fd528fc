package dev.unroll.bench;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Workers;
import dev.unroll.nn.LayerState;
import dev.unroll.nn.Layout;
import dev.unroll.nn.RecurrentLayer;
import dev.unroll.nn.RecurrentWeights;
import dev.unroll.nn.Steps;
import java.util.Arrays;

/** One layer, one sequence, one step at a time. */
final class StreamCase implements Contender.Prepared {

  private final int units;
  private final Workers workers;
  private final RecurrentLayer layer;
  private final RecurrentWeights weights;
  private final RecurrentLayer.Tape tape;
  private final float[] x;
  private LayerState state;

  StreamCase(Case work, Workers workers) {
    this.units = work.units();
    this.workers = workers;
    var layout = new Layout();
    layer = new RecurrentLayer(CaseNetwork.cell(work.cell()), units, units, "layers.0.", layout);
    weights = layer.newWeights();
    weights.packForward(CaseNetwork.parameters(layout, work), workers);
    tape = layer.newTape();
    tape.begin(Steps.equal(1, 1));
    x = Numbers.uniform(Kind.INPUT, 0, 3 * units, 1);
    state = layer.zeroState(1);
  }

  @Override
  public double[] numbers() {
    for (int row = 0; row < 3; row++) {
      step(row);
    }
    float[] a = Arrays.copyOf(state.a(), units);
    return new double[] {Numbers.checkSum(a), Numbers.norm(a)};
  }

  @Override
  public void run() {
    step(0);
  }

  private void step(int row) {
    layer.forward(weights, Matrix.of(x, row * units, 1, units), state, tape, workers);
    state = layer.endState(state, tape);
  }
}
