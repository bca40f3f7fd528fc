package dev.unroll.task.label;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.batch.LengthBatches;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Labels sequences, and measures the loss of those whose labels are known. Sequences of like length
 * are read together; the result of each has the same bits in any batch, and comes at its place.
 */
public final class LabelEvaluator {

  private static final LengthBatches BATCHES = new LengthBatches(64, 1 << 15);

  private final LabelNetwork network;
  private final LabelExamples data;
  private final LabelNetwork.Buffers space;

  /**
   * Prepares to label {@code data}.
   *
   * @param space buffers that nobody else uses meanwhile
   */
  LabelEvaluator(LabelNetwork network, LabelExamples data, LabelNetwork.Buffers space) {
    this.network = network;
    this.data = data;
    this.space = space;
  }

  /** Prepares to label {@code data} with buffers of its own. */
  LabelEvaluator(LabelNetwork network, LabelExamples data) {
    this(network, data, network.newBuffers(false));
  }

  private <A> List<A> map(Function<LabelBatch, List<A>> reader) {
    return BATCHES.map(
        data.size(),
        data::length,
        chosen -> reader.apply(data.batch(chosen, network.description().output())));
  }

  /**
   * What a network does with sequences whose labels are known.
   *
   * @param meanLoss mean loss per target, in nats
   * @param labels of each sequence the label or labels that are found, or those of its steps
   */
  record Measured(double meanLoss, List<int[]> labels) {}

  /** Labels the sequences and measures the loss, of which each is read once. */
  Measured measure(LabelNetwork.Weights weights, Workers workers) {
    double[] total = new double[2];
    List<int[]> labels =
        map(
            batch -> {
              var judged = network.judge(weights, batch, space, workers);
              total[0] += judged.loss();
              total[1] += network.targets(batch);
              return perSequence(judged.best(), batch);
            });
    return new Measured(total[0] / Math.max(1, total[1]), labels);
  }

  /** Returns the label or labels of each sequence, or those of its steps. */
  List<int[]> labels(LabelNetwork.Weights weights, Workers workers) {
    return map(batch -> perSequence(network.decode(weights, batch, space, workers), batch));
  }

  private List<int[]> perSequence(int[] best, LabelBatch batch) {
    return IntStream.range(0, batch.steps().batch())
        .mapToObj(s -> network.multiLabel() ? flagged(best, s) : ofRows(best, batch, s))
        .toList();
  }

  /** Returns the labels of a sequence that may have several, each of which has a flag. */
  private int[] flagged(int[] flags, int s) {
    int from = s * network.labels();
    return IntStream.range(0, network.labels()).filter(label -> flags[from + label] > 0).toArray();
  }

  /** Returns the label of a sequence, or those of its steps. */
  private int[] ofRows(int[] best, LabelBatch batch, int s) {
    int[] own = new int[rowsOf(batch, s)];
    Arrays.setAll(own, t -> best[row(batch, s, t)]);
    return own;
  }

  /** Returns the probabilities of all labels, of each sequence or of each of its steps. */
  List<float[][]> probabilities(LabelNetwork.Weights weights, Workers workers) {
    return map(
        batch -> {
          Matrix rows = network.probabilities(weights, batch, space, workers);
          return IntStream.range(0, batch.steps().batch())
              .mapToObj(s -> copy(rows, batch, s))
              .toList();
        });
  }

  /**
   * What is found at the steps of a sequence.
   *
   * @param labels the label of each step
   * @param probabilities the probability of each of these
   */
  public record Found(int[] labels, double[] probabilities) {}

  /** Returns what {@link #labels} returns of each step, and how likely it is. */
  List<Found> labelsWithProbabilities(LabelNetwork.Weights weights, Workers workers) {
    return map(
        batch -> {
          var decoded = network.decodeWithProbabilities(weights, batch, space, workers);
          return IntStream.range(0, batch.steps().batch())
              .mapToObj(s -> found(decoded, batch, s))
              .toList();
        });
  }

  /** Returns the outputs of a layer, from 0, at each step of each sequence. */
  List<float[][]> outputs(LabelNetwork.Weights weights, int layer, Workers workers) {
    return map(batch -> network.outputs(weights, batch, layer, space, workers));
  }

  private Found found(LabelNetwork.Decoded decoded, LabelBatch batch, int s) {
    int[] labels = ofRows(decoded.best(), batch, s);
    double[] probabilities = new double[labels.length];
    Matrix rows = decoded.probabilities();
    Arrays.setAll(probabilities, t -> rows.data()[rows.row(row(batch, s, t)) + labels[t]]);
    return new Found(labels, probabilities);
  }

  private float[][] copy(Matrix rows, LabelBatch batch, int s) {
    float[][] own = new float[rowsOf(batch, s)][];
    for (int t = 0; t < own.length; t++) {
      int at = rows.row(row(batch, s, t));
      own[t] = Arrays.copyOfRange(rows.data(), at, at + network.labels());
    }
    return own;
  }

  private int rowsOf(LabelBatch batch, int s) {
    return network.perStep() ? batch.steps().length(s) : 1;
  }

  private int row(LabelBatch batch, int s, int t) {
    return network.perStep() ? batch.steps().row(t, s) : s;
  }
}
