package dev.unroll.bench.peers;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import dev.unroll.bench.peers.OnnxGraph.Element;
import java.nio.FloatBuffer;
import java.util.Map;

/** Bare layers, one sequence, one step at a time. */
final class OnnxStreamCase implements Contender.Prepared {

  private static final int ROWS = 3;

  private final int units;
  private final OnnxSession session;
  private final OnnxSteps steps;
  private final FloatBuffer x;

  OnnxStreamCase(Case work, int threads) {
    units = work.units();
    var graph = new OnnxGraph();
    var layers = new OnnxLayers(work, graph);
    String input = graph.input("input", Element.FLOAT, 1, 1, units);
    layers.step(input);
    session = new OnnxSession(graph, threads);
    x = OnnxSession.floatMemory(units);
    var inputs = Map.of(input, session.tensor(x, 1, 1, units));
    steps = new OnnxSteps(work, layers, session, inputs, Map.of());
  }

  @Override
  public double[] numbers() {
    float[] rows = Numbers.uniform(Kind.INPUT, 0, ROWS * units, 1);
    for (int row = 0; row < ROWS; row++) {
      x.put(0, rows, row * units, units);
      steps.step();
    }
    float[] a = steps.lastOutput();
    return new double[] {Numbers.checkSum(a), Numbers.norm(a)};
  }

  @Override
  public void run() {
    steps.step();
  }

  @Override
  public void close() {
    session.close();
  }
}
