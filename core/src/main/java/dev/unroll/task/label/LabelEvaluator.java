package dev.unroll.task.label;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.batch.LengthBatches;
import dev.unroll.task.Pool;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Labels sequences, and measures the loss of those whose labels are known. Sequences of like length
 * are read together; the result of each has the same bits in any batch, and comes at its place.
 */
public final class LabelEvaluator {

  private static final LengthBatches BATCHES = new LengthBatches(64, 1 << 15);

  private final LabelNetwork network;
  private final LabelExamples data;
  private final Pool<LabelNetwork.Buffers> spaces;

  /**
   * Prepares to label {@code data}.
   *
   * @param spaces buffers that do not train
   */
  LabelEvaluator(LabelNetwork network, LabelExamples data, Pool<LabelNetwork.Buffers> spaces) {
    this.network = network;
    this.data = data;
    this.spaces = spaces;
  }

  /** Prepares to label {@code data}, again and again, with buffers of its own. */
  LabelEvaluator(LabelNetwork network, LabelExamples data) {
    this(network, data, new Pool<>(Long.MAX_VALUE, () -> network.newBuffers(false)));
  }

  private interface Reader<A> {
    List<A> read(LabelBatch batch, LabelNetwork.Buffers space, Workers team);
  }

  private <A> List<A> map(Workers workers, Reader<A> reader) {
    return BATCHES.map(
        data.size(),
        data::length,
        team(workers),
        (chosen, space, team) -> reader.read(batch(chosen), space, team));
  }

  private LengthBatches.Team<LabelNetwork.Buffers> team(Workers workers) {
    return new LengthBatches.Team<>(workers, spaces::run);
  }

  private LabelBatch batch(LengthBatches.Chosen chosen) {
    return data.batch(chosen.sequences(), network.description().output());
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
    double[] losses = new double[data.size()]; // by number of the batch
    long[] targets = new long[data.size()];
    List<int[]> labels =
        BATCHES.map(
            data.size(),
            data::length,
            team(workers),
            (chosen, space, team) -> {
              LabelBatch batch = batch(chosen);
              var judged = network.judge(weights, batch, space, team);
              losses[chosen.number()] = judged.loss();
              targets[chosen.number()] = network.targets(batch);
              return perSequence(judged.best(), batch);
            });
    double loss = 0;
    for (double each : losses) {
      loss += each;
    }
    return new Measured(loss / Math.max(1, LongStream.of(targets).sum()), labels);
  }

  /** Returns the label or labels of each sequence, or those of its steps. */
  List<int[]> labels(LabelNetwork.Weights weights, Workers workers) {
    return map(
        workers,
        (batch, space, team) -> perSequence(network.decode(weights, batch, space, team), batch));
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
        workers,
        (batch, space, team) -> {
          Matrix rows = network.probabilities(weights, batch, space, team);
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
        workers,
        (batch, space, team) -> {
          var decoded = network.decodeWithProbabilities(weights, batch, space, team);
          return IntStream.range(0, batch.steps().batch())
              .mapToObj(s -> found(decoded, batch, s))
              .toList();
        });
  }

  /** Returns the outputs of a layer, from 0, at each step of each sequence. */
  List<float[][]> outputs(LabelNetwork.Weights weights, int layer, Workers workers) {
    return map(
        workers, (batch, space, team) -> network.outputs(weights, batch, layer, space, team));
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
