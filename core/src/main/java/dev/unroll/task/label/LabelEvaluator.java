package dev.unroll.task.label;

import dev.unroll.data.BatchOrder;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Labels sequences, and measures the loss of those whose labels are known. Sequences of like length
 * are read together; the result of each has the same bits in any batch, and comes at its place.
 */
public final class LabelEvaluator {

  /** Sequences read side by side. */
  private static final int TOGETHER = 64;

  /** Most steps that are read side by side, unless one sequence has more. */
  private static final int MOST_STEPS = 1 << 15;

  private final LabelNetwork network;
  private final LabelExamples data;
  private final BatchOrder order;
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
    order = BatchOrder.sorted(data.size(), data::length, TOGETHER);
  }

  /** Prepares to label {@code data} with buffers of its own. */
  public LabelEvaluator(LabelNetwork network, LabelExamples data) {
    this(network, data, network.newBuffers(false));
  }

  private interface BatchTask {
    void run(int[] chosen, LabelBatch batch);
  }

  private void eachBatch(BatchTask task) {
    for (int i = 0; i < order.batches(); i++) {
      int[] chosen = order.batch(0, i);
      int from = 0;
      for (int to = 1; to <= chosen.length; to++) { // lengths ascend
        boolean full =
            to < chosen.length && (to + 1L - from) * data.length(chosen[to]) > MOST_STEPS;
        if (full || to == chosen.length) {
          int[] some = Arrays.copyOfRange(chosen, from, to);
          task.run(some, data.batch(some, network.description().output()));
          from = to;
        }
      }
    }
  }

  /**
   * What a network does with sequences whose labels are known.
   *
   * @param meanLoss mean loss a target, in nats
   * @param labels of each sequence the label or labels that are found, or those of its steps
   */
  public record Measured(double meanLoss, List<int[]> labels) {}

  /** Labels the sequences and measures the loss, of which each is read once. */
  public Measured measure(LabelNetwork.Weights weights, Workers workers) {
    List<int[]> all = places();
    double[] total = new double[2];
    eachBatch(
        (chosen, batch) -> {
          var judged = network.judge(weights, batch, space, workers);
          total[0] += judged.loss();
          total[1] += network.targets(batch);
          put(judged.best(), chosen, batch, all);
        });
    return new Measured(total[0] / Math.max(1, total[1]), all);
  }

  /** Returns the label or labels of each sequence, or those of its steps. */
  public List<int[]> labels(LabelNetwork.Weights weights, Workers workers) {
    List<int[]> all = places();
    eachBatch(
        (chosen, batch) -> put(network.decode(weights, batch, space, workers), chosen, batch, all));
    return all;
  }

  private List<int[]> places() {
    return new ArrayList<>(Collections.nCopies(data.size(), new int[0]));
  }

  private void put(int[] best, int[] chosen, LabelBatch batch, List<int[]> all) {
    for (int s = 0; s < chosen.length; s++) {
      all.set(chosen[s], network.multiLabel() ? flagged(best, s) : ofRows(best, batch, s));
    }
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
  public List<float[][]> probabilities(LabelNetwork.Weights weights, Workers workers) {
    var all = new ArrayList<>(Collections.nCopies(data.size(), new float[0][]));
    eachBatch(
        (chosen, batch) -> {
          Matrix rows = network.probabilities(weights, batch, space, workers);
          for (int s = 0; s < chosen.length; s++) {
            float[][] own = new float[rowsOf(batch, s)][];
            for (int t = 0; t < own.length; t++) {
              int at = rows.row(row(batch, s, t));
              own[t] = Arrays.copyOfRange(rows.data(), at, at + network.labels());
            }
            all.set(chosen[s], own);
          }
        });
    return all;
  }

  private int rowsOf(LabelBatch batch, int s) {
    return network.perStep() ? batch.steps().length(s) : 1;
  }

  private int row(LabelBatch batch, int s, int t) {
    return network.perStep() ? batch.steps().row(t, s) : s;
  }
}
