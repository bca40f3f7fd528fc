package dev.unroll.bench.peers;

import ai.onnxruntime.OnnxTensor;
import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import dev.unroll.bench.peers.OnnxGraph.Element;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Map;

/** All steps forward: bare layers to their outputs, a language model to its mean loss. */
final class OnnxForwardCase implements Contender.Prepared {

  private static final String INPUT = "input";
  private static final String TARGETS = "targets";

  private final Case work;
  private final OnnxSession session;
  private final Map<String, OnnxTensor> inputs;
  private final Map<String, OnnxTensor> outputs;
  private final FloatBuffer result;

  OnnxForwardCase(Case work, int threads) {
    this.work = work;
    var graph = new OnnxGraph();
    var layers = new OnnxLayers(work, graph);
    boolean bare = work.vocabulary() == 0;
    long[] resultShape = bare ? sequence(work.units()) : new long[0];
    String output = bare ? outputs(graph, layers) : loss(graph, layers);
    graph.output(output, Element.FLOAT, resultShape);
    session = new OnnxSession(graph, threads);
    inputs = bare ? vectors() : tokens();
    result = OnnxSession.floatMemory(bare ? rows() * work.units() : 1);
    outputs = Map.of(output, session.tensor(result, resultShape));
  }

  @Override
  public double[] numbers() {
    run();
    float[] y = new float[result.capacity()];
    result.get(0, y);
    return work.vocabulary() > 0
        ? new double[] {y[0]}
        : new double[] {Numbers.checkSum(y), Numbers.norm(y)};
  }

  @Override
  public void run() {
    session.run(inputs, outputs);
  }

  @Override
  public void close() {
    session.close();
  }

  private String outputs(OnnxGraph graph, OnnxLayers layers) {
    return layers.sequence(graph.input(INPUT, Element.FLOAT, sequence(work.units())));
  }

  private String loss(OnnxGraph graph, OnnxLayers layers) {
    String tokens = graph.input(INPUT, Element.INT64, work.steps(), work.batch());
    String targets = graph.input(TARGETS, Element.INT64, rows(), 1);
    String y = layers.sequence(layers.embedding(tokens));
    return layers.meanLoss(layers.logits(y, rows()), targets);
  }

  private Map<String, OnnxTensor> vectors() {
    int size = rows() * work.units();
    FloatBuffer x = OnnxSession.floatMemory(size);
    x.put(0, Numbers.uniform(Kind.INPUT, 0, size, 1));
    return Map.of(INPUT, session.tensor(x, sequence(work.units())));
  }

  private Map<String, OnnxTensor> tokens() {
    return Map.of(
        INPUT, session.tensor(tokens(Kind.INPUT_TOKEN), work.steps(), work.batch()),
        TARGETS, session.tensor(tokens(Kind.TARGET_TOKEN), rows(), 1));
  }

  private LongBuffer tokens(Kind kind) {
    LongBuffer memory = OnnxSession.longMemory(rows());
    int[] tokens = Numbers.tokens(kind, rows(), work.vocabulary());
    return memory.put(0, Arrays.stream(tokens).asLongStream().toArray());
  }

  private long[] sequence(int width) {
    return new long[] {work.steps(), work.batch(), width};
  }

  private int rows() {
    return work.steps() * work.batch();
  }
}
