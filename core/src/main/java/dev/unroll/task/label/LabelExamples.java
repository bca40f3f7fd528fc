package dev.unroll.task.label;

import dev.unroll.base.InputException;
import dev.unroll.layer.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Sequences with their labels, as ids.
 *
 * @param sequences the sequences
 * @param spellings of each word by its number, its characters; empty where words are not spelled
 * @param weights how much the losses of each sequence count; empty for all alike
 */
public record LabelExamples(List<Sequence> sequences, List<int[]> spellings, List<Float> weights) {

  /** Copies the lists. */
  public LabelExamples {
    sequences = List.copyOf(sequences);
    spellings = List.copyOf(spellings);
    weights = List.copyOf(weights);
  }

  /** Sequences that all count alike. */
  public LabelExamples(List<Sequence> sequences, List<int[]> spellings) {
    this(sequences, spellings, List.of());
  }

  /**
   * Returns the same where sequences count unlike each other. The mean of the weights is made 1,
   * over all sequences or over all of their tokens, whichever the mean loss is of: so the scale of
   * the gradient stays, and a sequence of weight 2 counts as if it were there twice.
   *
   * @param own the weight of each sequence
   */
  LabelExamples weighted(double[] own, boolean perStep) {
    if (DoubleStream.of(own).allMatch(weight -> weight == 1)) {
      return this;
    }
    double sum = 0;
    double count = 0;
    for (int i = 0; i < own.length; i++) {
      double targets = perStep ? length(i) : 1;
      sum += own[i] * targets;
      count += targets;
    }
    if (sum == 0) {
      throw new InputException("all weights are 0", "Give some examples a weight above it.");
    }
    double scale = count / sum;
    return new LabelExamples(
        sequences,
        spellings,
        DoubleStream.of(own).mapToObj(weight -> (float) (scale * weight)).toList());
  }

  /**
   * One sequence.
   *
   * @param tokens its tokens
   * @param words of each token, the number of its word among the spellings; empty where words are
   *     not spelled
   * @param features of each feature, its value at each token, or {@link
   *     dev.unroll.layer.Embedding#START} for a value that has no vector
   * @param ngrams the numbers of its n-grams that the network counts
   * @param labels its label or labels, or one for each token; empty where they are to be found
   */
  public record Sequence(int[] tokens, int[] words, int[][] features, int[] ngrams, int[] labels) {
    /** A sequence whose tokens have no features, and of which no n-gram is counted. */
    public Sequence(int[] tokens, int[] words, int[] labels) {
      this(tokens, words, new int[0][], new int[0], labels);
    }
  }

  /** Returns the number of sequences. */
  public int size() {
    return sequences.size();
  }

  /** Returns the number of tokens of a sequence. */
  public int length(int sequence) {
    return sequences.get(sequence).tokens.length;
  }

  /** Returns the number of tokens and of the characters by which words are read. */
  long rows() {
    long rows = 0;
    for (Sequence sequence : sequences) {
      rows += sequence.tokens.length;
    }
    for (int[] spelling : spellings) {
      rows += spelling.length;
    }
    return rows;
  }

  /** Returns some of the sequences as a batch for a network of the given output. */
  LabelBatch batch(int[] chosen, LabelSpec.Output output) {
    var steps = Steps.of(IntStream.of(chosen).map(this::length).toArray());
    int[] tokens = new int[steps.rows()];
    boolean multiLabel = output instanceof LabelSpec.PerSequence whole && whole.multiLabel();
    boolean perStep = output instanceof LabelSpec.PerStep;
    int[] targets = new int[perStep ? steps.rows() : multiLabel ? 0 : chosen.length];
    float[] flags = new float[multiLabel ? Math.multiplyExact(chosen.length, output.labels()) : 0];
    for (int s = 0; s < chosen.length; s++) {
      Sequence sequence = sequences.get(chosen[s]);
      boolean known = sequence.labels.length > 0;
      for (int t = 0; t < sequence.tokens.length; t++) {
        int row = steps.row(t, s);
        tokens[row] = sequence.tokens[t];
        if (perStep && known) {
          targets[row] = sequence.labels[t];
        }
      }
      if (multiLabel) {
        for (int label : sequence.labels) {
          flags[s * output.labels() + label] = 1f;
        }
      } else if (!perStep && known) {
        targets[s] = sequence.labels[0];
      }
    }
    return new LabelBatch(
        steps,
        tokens,
        spellings(chosen, steps),
        features(chosen, steps),
        IntStream.of(chosen).mapToObj(s -> sequences.get(s).ngrams).toArray(int[][]::new),
        targets,
        flags,
        weights(chosen));
  }

  private float[] weights(int[] chosen) {
    float[] own = new float[weights.isEmpty() ? 0 : chosen.length];
    for (int s = 0; s < own.length; s++) {
      own[s] = weights.get(chosen[s]);
    }
    return own;
  }

  private int[][] features(int[] chosen, Steps steps) {
    int count = sequences.get(chosen[0]).features.length;
    int[][] features = new int[count][steps.rows()];
    for (int s = 0; s < chosen.length; s++) {
      int[][] own = sequences.get(chosen[s]).features;
      for (int i = 0; i < count; i++) {
        for (int t = 0; t < own[i].length; t++) {
          features[i][steps.row(t, s)] = own[i][t];
        }
      }
    }
    return features;
  }

  /** Each word that the batch has is read once, in the order in which the rows have it. */
  private Spellings spellings(int[] chosen, Steps steps) {
    int[] words = new int[spellings.isEmpty() ? 0 : steps.rows()];
    for (int s = 0; words.length > 0 && s < chosen.length; s++) {
      int[] own = sequences.get(chosen[s]).words;
      for (int t = 0; t < own.length; t++) {
        words[steps.row(t, s)] = own[t];
      }
    }
    int[] numbers = new int[spellings.size()]; // 0 for those that the batch has not, else from 1
    var letters = new ArrayList<int[]>();
    for (int row = 0; row < words.length; row++) {
      int word = words[row];
      if (numbers[word] == 0) {
        letters.add(spellings.get(word));
        numbers[word] = letters.size();
      }
      words[row] = numbers[word] - 1;
    }
    return new Spellings(letters.toArray(int[][]::new), words);
  }
}
