package dev.unroll.batch;

import dev.unroll.layer.Steps;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sequences with labels whose places are not known.
 *
 * @param sequences the sequences
 * @param inputs numbers of each step; 0 where the steps have tokens
 */
public record RecognizedSequences(List<Sequence> sequences, int inputs) {

  /** Copies the list. */
  public RecognizedSequences {
    sequences = List.copyOf(sequences);
  }

  /**
   * One sequence.
   *
   * @param tokens its tokens, or none
   * @param values its numbers, step by step, or none
   * @param target its labels; empty where they are to be found
   */
  public record Sequence(int[] tokens, float[] values, int[] target) {}

  /** Returns the number of sequences. */
  public int size() {
    return sequences.size();
  }

  /** Returns the number of steps of a sequence. */
  public int length(int sequence) {
    Sequence own = sequences.get(sequence);
    return inputs == 0 ? own.tokens.length : own.values.length / inputs;
  }

  /** Returns the number of steps of all sequences together. */
  public long rows() {
    return IntStream.range(0, size()).mapToLong(this::length).sum();
  }

  /** Returns some of the sequences as a batch. */
  public SignalBatch batch(int[] chosen) {
    var steps = Steps.of(IntStream.of(chosen).map(this::length).toArray());
    int[] tokens = new int[inputs == 0 ? steps.rows() : 0];
    float[] values = new float[Math.multiplyExact(steps.rows(), inputs)];
    for (int s = 0; s < chosen.length; s++) {
      Sequence own = sequences.get(chosen[s]);
      for (int t = 0; t < steps.length(s); t++) {
        int row = steps.row(t, s);
        if (inputs == 0) {
          tokens[row] = own.tokens[t];
        } else {
          System.arraycopy(own.values, t * inputs, values, row * inputs, inputs);
        }
      }
    }
    return new SignalBatch(steps, tokens, values);
  }

  /** Returns the targets of some of the sequences. */
  public int[][] targets(int[] chosen) {
    return IntStream.of(chosen).mapToObj(i -> sequences.get(i).target).toArray(int[][]::new);
  }
}
