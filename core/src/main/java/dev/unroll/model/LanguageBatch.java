package dev.unroll.model;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.head.TokenHead;
import dev.unroll.kernel.Rows;
import dev.unroll.layer.Steps;
import dev.unroll.network.NetworkState;
import dev.unroll.task.lm.LanguageNetwork;
import java.util.Arrays;
import java.util.List;

/**
 * Several sequences of one language model that read a token each, side by side: the fast way to
 * continue many texts at once. Sequences come and go from step to step, and each has the same bits
 * as by itself. For one thread.
 */
public final class LanguageBatch {

  private final LanguageNetwork network;
  private final LanguageNetwork.Weights weights;
  private final LanguageNetwork.Buffers buffers;
  private final TokenHead.Buffers headSpace = new TokenHead.Buffers();
  private float[] logits = {};

  /** Creates room for sequences of a model that reads from left to right. */
  public LanguageBatch(LanguageModel model) {
    model.checkForward();
    network = model.network();
    weights = model.weights();
    buffers = network.newBuffers();
  }

  /**
   * Reads one token of each sequence.
   *
   * @param states of the sequences
   * @param tokens one for each
   * @return the states after them
   */
  public List<NetworkState> step(List<NetworkState> states, int... tokens) {
    int count = states.size();
    NetworkState before = NetworkState.join(states);
    return network
        .forward(weights, Steps.equal(1, count), tokens, before, buffers, Workers.single())
        .split(count);
  }

  /** Returns the logits of the token that comes next in each sequence, [sequences][tokens]. */
  public float[][] logits(List<NetworkState> states) {
    int count = states.size();
    NetworkState joined = NetworkState.join(states);
    var a = Matrix.of(joined.output(), count, network.outputs());
    logits = Rows.room(logits, count, network.vocabulary());
    var all = Matrix.of(logits, count, network.vocabulary());
    network.logits(weights, headSpace, a, joined.history(), all);
    float[][] rows = new float[count][];
    for (int row = 0; row < count; row++) {
      int from = all.row(row);
      rows[row] = Arrays.copyOfRange(logits, from, from + network.vocabulary());
    }
    return rows;
  }
}
