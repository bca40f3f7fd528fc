package dev.unroll.bench.peers;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import dev.unroll.bench.peers.OnnxGraph.Element;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Map;

/** A language model that samples one token after another. */
final class OnnxTokenStreamCase implements Contender.Prepared {

  private final Case work;
  private final OnnxSession session;
  private final OnnxSteps steps;
  private final LongBuffer token;
  private final FloatBuffer logits;
  private final FloatBuffer probabilities;
  private final TokenDraw tokens;

  OnnxTokenStreamCase(Case work, int threads) {
    this.work = work;
    int vocabulary = work.vocabulary();
    var graph = new OnnxGraph();
    var layers = new OnnxLayers(work, graph);
    String input = graph.input("token", Element.INT64, 1, 1);
    String scores = layers.logits(layers.step(layers.embedding(input)), 1);
    String distribution = graph.node("Softmax", Map.of("axis", 1), scores);
    graph.output(scores, Element.FLOAT, 1, vocabulary);
    graph.output(distribution, Element.FLOAT, 1, vocabulary);
    session = new OnnxSession(graph, threads);
    token = OnnxSession.longMemory(1);
    logits = OnnxSession.floatMemory(vocabulary);
    probabilities = OnnxSession.floatMemory(vocabulary);
    tokens = new TokenDraw(vocabulary);
    steps =
        new OnnxSteps(
            work,
            layers,
            session,
            Map.of(input, session.tensor(token, 1, 1)),
            Map.of(
                scores, session.tensor(logits, 1, vocabulary),
                distribution, session.tensor(probabilities, 1, vocabulary)));
  }

  @Override
  public double[] numbers() {
    for (int read : Numbers.tokens(Kind.INPUT_TOKEN, 3, work.vocabulary())) {
      token.put(0, read);
      steps.step();
    }
    float[] scores = new float[work.vocabulary()];
    logits.get(0, scores);
    return new double[] {Numbers.checkSum(scores), Numbers.norm(scores)};
  }

  @Override
  public void run() {
    steps.step();
    token.put(0, tokens.draw(probabilities));
  }

  @Override
  public void close() {
    session.close();
  }
}
