package dev.unroll.bench.unroll;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import dev.unroll.kernel.Layout;
import dev.unroll.layer.LayerStream;
import dev.unroll.layer.RecurrentLayer;
import dev.unroll.layer.RecurrentWeights;

/** One layer, one sequence, one step at a time. */
final class StreamCase implements Contender.Prepared {

  private final LayerStream stream;
  private final Matrix x;

  StreamCase(Case work, Workers workers) {
    int units = work.units();
    var layout = new Layout();
    var layer =
        new RecurrentLayer(CaseNetwork.cell(work.cell()), units, units, "layers.0.", layout);
    RecurrentWeights weights = layer.newWeights();
    weights.packForward(CaseNetwork.parameters(layout, work), workers);
    stream = new LayerStream(layer, weights);
    x = Matrix.of(Numbers.uniform(Kind.INPUT, 0, 3 * units, 1), 3, units);
  }

  @Override
  public double[] numbers() {
    for (int row = 0; row < 3; row++) {
      stream.step(x.rows(row, row + 1));
    }
    float[] a = stream.output().copyOfElements();
    return new double[] {Numbers.checkSum(a), Numbers.norm(a)};
  }

  @Override
  public void run() {
    stream.step(x.rows(0, 1));
  }
}
