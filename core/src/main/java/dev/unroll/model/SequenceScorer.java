package dev.unroll.model;

import dev.unroll.base.Workers;
import dev.unroll.data.IdStream;
import dev.unroll.layer.Steps;
import dev.unroll.network.NetworkState;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.task.lm.TextPart;
import java.util.List;

/**
 * Scores sequences side by side. Long ones are taken in parts with the state carried over, so
 * memory does not grow with their length. A sequence has the same result, bit for bit, on its own
 * and in any batch, in one part or many.
 */
final class SequenceScorer {

  /** Tokens of a stream that are taken at a time. */
  private static final int STREAM_PART = 4096;

  /** Steps of a part. */
  private static final int PART = 256;

  private final LanguageNetwork network;
  private final LanguageNetwork.Weights weights;
  private final int first;
  private final Workers workers;
  private final LanguageNetwork.Buffers buffers;

  /**
   * Prepares to score.
   *
   * @param model how it reads
   * @param buffers that nobody else uses meanwhile
   */
  SequenceScorer(
      LanguageModelFields model,
      LanguageNetwork.Weights weights,
      LanguageNetwork.Buffers buffers,
      Workers workers) {
    this.network = model.network();
    this.weights = weights;
    this.first = model.firstInput();
    this.buffers = buffers;
    this.workers = workers;
  }

  /** Sees the score of one token; called by several threads, for each token once. */
  @FunctionalInterface
  interface TokenSink {
    /** Receives step {@code t} of sequence {@code s}. */
    void token(int s, int t, double logProbability, int rank);
  }

  /**
   * Scores sequences from the state before their first input.
   *
   * @param inputs what each sequence reads
   * @param targets what each sequence is to predict, as long as its inputs
   * @param start state of each sequence
   * @param withRanks whether ranks are wanted; else they are 0
   * @return the state after each sequence
   */
  NetworkState score(
      List<int[]> inputs,
      List<int[]> targets,
      NetworkState start,
      boolean withRanks,
      TokenSink sink) {
    int longest = inputs.stream().mapToInt(sequence -> sequence.length).max().orElse(0);
    NetworkState state = start;
    for (int from = 0; from < longest; from += PART) {
      state = scorePart(inputs, targets, state, new Part(from, withRanks, sink));
    }
    return state;
  }

  /** Scores a text as one stream, in its order. */
  void scoreStream(IdStream text, TokenModel.TokenSink sink) {
    NetworkState[] state = {network.startState(weights, 1)};
    TextPart.ofStream(
        text,
        first,
        STREAM_PART,
        part -> {
          double[] scores = new double[part.ids().length];
          state[0] =
              score(
                  List.of(part.inputs()),
                  List.of(part.ids()),
                  state[0],
                  false,
                  (s, t, score, rank) -> scores[t] = score);
          pass(part.ids(), scores, sink);
        });
  }

  static void pass(int[] ids, double[] scores, TokenModel.TokenSink sink) {
    for (int t = 0; t < ids.length; t++) {
      sink.token(ids[t], scores[t]);
    }
  }

  private record Part(int from, boolean withRanks, TokenSink sink) {}

  private NetworkState scorePart(
      List<int[]> inputs, List<int[]> targets, NetworkState start, Part part) {
    int[] lengths = new int[inputs.size()];
    for (int s = 0; s < lengths.length; s++) {
      lengths[s] = Math.max(0, Math.min(PART, inputs.get(s).length - part.from));
    }
    var steps = Steps.of(lengths);
    int[] tokens = new int[steps.rows()];
    int[] wanted = new int[steps.rows()];
    int[] times = new int[steps.rows()];
    for (int s = 0; s < lengths.length; s++) {
      for (int t = 0; t < lengths[s]; t++) {
        int row = steps.row(t, s);
        tokens[row] = inputs.get(s)[part.from + t];
        wanted[row] = targets.get(s)[part.from + t];
        times[row] = part.from + t;
      }
    }
    NetworkState end = network.forward(weights, steps, tokens, start, buffers, workers);
    network.score(
        weights,
        buffers,
        wanted,
        part.withRanks,
        (row, score, rank) -> part.sink.token(steps.sequence(row), times[row], score, rank),
        workers);
    return end;
  }
}
