package dev.unroll.task.lm;

import dev.unroll.kernel.Workers;
import dev.unroll.layer.Steps;
import dev.unroll.network.NetworkState;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores sequences side by side. Long ones are taken in parts with the state carried over, so
 * memory does not grow with their length. A sequence has the same result, bit for bit, alone and in
 * any batch, in one part or many.
 */
final class SequenceScorer {

  /** Sentences scored side by side. */
  private static final int TOGETHER = 64;

  /** Steps of a part. */
  private static final int PART = 256;

  private final LanguageNetwork network;
  private final LanguageNetwork.Weights weights;
  private final Workers workers;
  private final LanguageNetwork.Buffers buffers;

  SequenceScorer(LanguageNetwork network, LanguageNetwork.Weights weights, Workers workers) {
    this.network = network;
    this.weights = weights;
    this.workers = workers;
    this.buffers = network.newBuffers();
  }

  /** Sees the score of one token; called by several threads, for each token once. */
  @FunctionalInterface
  interface TokenSink {
    /** Hears of step {@code t} of sequence {@code s}. */
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

  /**
   * Scores sentences, each from the model's start, those of like length side by side: the steps of
   * a batch grow slower as its sentences end. The score of a sentence has the same bits in any
   * batch.
   *
   * @param sentences ids of each, {@code <EOS>} last
   */
  void scoreAlone(List<int[]> sentences, LanguageModel model, boolean withRanks, TokenSink sink) {
    Integer[] order = IntStream.range(0, sentences.size()).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingInt(s -> sentences.get(s).length));
    for (int from = 0; from < order.length; from += TOGETHER) {
      var batch = Arrays.asList(order).subList(from, Math.min(order.length, from + TOGETHER));
      var targets = batch.stream().map(sentences::get).toList();
      var inputs = targets.stream().map(ids -> inputs(model.firstInput(), ids)).toList();
      score(
          inputs,
          targets,
          model.startState(batch.size()),
          withRanks,
          (s, t, score, rank) -> sink.token(batch.get(s), t, score, rank));
    }
  }

  /**
   * Returns what a sequence reads that is to predict {@code targets}: each target is the next
   * input.
   */
  static int[] inputs(int first, int[] targets) {
    int[] inputs = new int[targets.length];
    for (int t = 0; t < inputs.length; t++) {
      inputs[t] = t == 0 ? first : targets[t - 1];
    }
    return inputs;
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
