package dev.unroll.model;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.file.Plural;
import dev.unroll.head.TokenHead;
import dev.unroll.kernel.Rows;
import dev.unroll.layer.Steps;
import dev.unroll.network.NetworkState;
import dev.unroll.task.lm.LanguageNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Several sequences of one language model that are read together, one or more tokens of each at a
 * time: the fast way to continue many texts at once. Sequences come and go from step to step, and
 * each has the same bits as if it were alone. For one thread.
 */
public final class LanguageBatch {

  private final LanguageNetwork network;
  private final LanguageNetwork.Weights weights;
  private final LanguageNetwork.Buffers buffers;
  private final TokenHead.Buffers headSpace = new TokenHead.Buffers();
  private float[] logits = {};
  private final List<float[]> rows = new ArrayList<>();

  /** Creates buffers for sequences of a model that reads from left to right. */
  public LanguageBatch(LanguageModel model) {
    model.checkForward();
    network = model.network();
    weights = model.weights();
    buffers = network.newBuffers();
  }

  /** Returns such as {@code batch of a model of 12,345 parameters}. */
  @Override
  public String toString() {
    return "batch of a model of " + Plural.of(network.size(), "parameter");
  }

  /**
   * Reads one token of each sequence.
   *
   * @param states of the sequences
   * @param tokens one for each
   * @return the states after them
   */
  public List<NetworkState> step(List<NetworkState> states, int... tokens) {
    Objects.requireNonNull(tokens, "tokens");
    return read(states, IntStream.of(tokens).mapToObj(token -> new int[] {token}).toList());
  }

  /**
   * Reads several tokens of each sequence.
   *
   * @param states of the sequences
   * @param tokens those of each
   * @return the states after them
   */
  public List<NetworkState> read(List<NetworkState> states, List<int[]> tokens) {
    var steps = Steps.of(tokens.stream().mapToInt(each -> each.length).toArray());
    int[] rows = new int[steps.rows()];
    for (int s = 0; s < steps.batch(); s++) {
      for (int t = 0; t < steps.length(s); t++) {
        rows[steps.row(t, s)] = tokens.get(s)[t];
      }
    }
    NetworkState before = NetworkState.join(states);
    return network
        .forward(weights, steps, rows, before, buffers, Workers.single())
        .split(states.size());
  }

  /**
   * Returns the logits of the next token in each sequence, [sequences][tokens]: arrays that the
   * next call overwrites, and that the caller may change.
   */
  public float[][] logits(List<NetworkState> states) {
    int count = states.size();
    int width = network.vocabulary();
    while (rows.size() < count) {
      rows.add(new float[width]);
    }
    var outputs = Rows.join(states.stream().map(NetworkState::output).toList());
    int[] read = states.stream().flatMapToInt(each -> Arrays.stream(each.history())).toArray();
    var a = Matrix.of(outputs, count, network.outputs());
    if (count == 1) {
      network.logits(weights, headSpace, a, read, Matrix.of(rows.getFirst(), 1, width));
    } else {
      logits = Rows.room(logits, count, width);
      network.logits(weights, headSpace, a, read, Matrix.of(logits, count, width));
      for (int row = 0; row < count; row++) {
        System.arraycopy(logits, row * width, rows.get(row), 0, width);
      }
    }
    return rows.subList(0, count).toArray(float[][]::new);
  }
}
