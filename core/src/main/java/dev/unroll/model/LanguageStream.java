package dev.unroll.model;

import dev.unroll.base.Cancellation;
import dev.unroll.base.Matrix;
import dev.unroll.file.Plural;
import dev.unroll.head.TokenHead;
import dev.unroll.layer.LayerStream;
import dev.unroll.network.NetworkState;
import dev.unroll.task.lm.Drawing;
import dev.unroll.task.lm.LanguageNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Runs a language network on one sequence, a token at a time: the fast way to stream and to sample.
 * The stream holds the state and changes it in place. A step allocates nothing that grows with the
 * network, and has the same bits as {@link LanguageNetwork#forward}. For one thread; any number of
 * streams may share the weights.
 *
 * {@snippet file="example/SnippetsTest.java" region="language-stream"}
 */
public final class LanguageStream implements Drawing.Source {

  private final LanguageNetwork network;
  private final LanguageNetwork.Weights weights;
  private final List<LayerStream> layers;
  private final Matrix embedded;

  /** What comes out of each layer: its a⟨t⟩, or the sum with its input. */
  private final List<Matrix> outputs;

  private final Matrix logits;
  private int[] history = {};
  private final TokenHead.Buffers headSpace = new TokenHead.Buffers();

  /** Creates a stream of one sequence, from the initial state. */
  public LanguageStream(LanguageNetwork network, LanguageNetwork.Weights weights) {
    this.network = network;
    this.weights = weights;
    layers = network.newLayerStreams(weights);
    int width = network.inputs();
    outputs = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Matrix own = layers.get(i).output();
      boolean sum = network.description().addsInput(i);
      outputs.add(sum ? Matrix.of(new float[own.columns()], 1, own.columns()) : own);
    }
    embedded = Matrix.of(new float[width], 1, width);
    logits = Matrix.of(new float[network.vocabulary()], 1, network.vocabulary());
    restart();
  }

  /** Returns such as {@code stream of a model of 12,345 parameters}. */
  @Override
  public String toString() {
    return "stream of a model of " + Plural.of(network.size(), "parameter");
  }

  /** Returns to the initial state. */
  void restart() {
    restore(network.startState(weights, 1));
  }

  /** Reads one token, or {@link dev.unroll.layer.Embedding#START}. */
  @Override
  public void read(int token) {
    Cancellation.check();
    network.embed(weights, token, embedded);
    Matrix x = embedded;
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).step(x);
      network.addInput(i, x, layers.get(i).output(), outputs.get(i));
      x = outputs.get(i);
    }
    network.read(token, history);
  }

  /**
   * Returns the logits of the next token, one for each id: an array that the next call overwrites,
   * and that the caller may change.
   */
  @Override
  public float[] logits() {
    network.logits(weights, headSpace, outputs.getLast(), history, logits);
    return logits.data();
  }

  /** Returns a copy of the state, with which {@link #restore} continues from here. */
  public NetworkState state() {
    return new NetworkState(
        layers.stream().map(LayerStream::state).toList(),
        outputs.getLast().copyOfElements(),
        history.clone());
  }

  /** Continues from {@code state}, a state of one sequence of this network. */
  public void restore(NetworkState state) {
    Objects.requireNonNull(state, "state");
    network.check(state);
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).restore(state.layers().get(i));
    }
    Matrix output = outputs.getLast();
    Matrix.of(state.output(), 1, output.columns()).copyRow(0, output, 0);
    history = state.history().clone();
  }
}
