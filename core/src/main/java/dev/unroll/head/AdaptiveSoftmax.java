package dev.unroll.head;

import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import dev.unroll.kernel.Softmax;
import dev.unroll.layer.Initialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An adaptive softmax (Grave et al. 2017), for large vocabularies whose ids are sorted by
 * frequency. The outputs below the first cutoff and one for each cluster of those above compete in
 * a first softmax; the outputs of a cluster compete in a softmax of their own, after a projection
 * that is the narrower the rarer they are. A training step then computes the rare clusters only for
 * the few rows whose targets lie there.
 *
 * <pre>{@code
 * P(v) = softmax(Wy a + by)[v]                                       v < the first cutoff
 * P(v) = softmax(Wy a + by)[cluster] · softmax(Wi (Pi a) + bi)[v]    v in cluster i
 * }</pre>
 *
 * <p>Parameters: {@code head.weight} [below the first cutoff + clusters][units] and {@code
 * head.bias}; for cluster i = 0, 1, … {@code head.clusters.i.projection.weight} [units /
 * 4ⁱ⁺¹][units], {@code head.clusters.i.weight} and {@code head.clusters.i.bias}.
 */
public final class AdaptiveSoftmax implements TokenHead {

  /** Logits of all outputs held at a time: 10 MiB. */
  private static final int CHUNK_ELEMENTS = 5 << 19;

  private final int outputs;
  private final int units;
  private final LinearHead head;
  private final List<SoftmaxCluster> clusters = new ArrayList<>();

  /**
   * Lays out the parameters.
   *
   * @param cutoffs ids at which clusters begin, ascending, one or more
   * @throws IllegalArgumentException if the cutoffs do not ascend between 0 and {@code outputs}
   */
  AdaptiveSoftmax(int units, int outputs, List<Integer> cutoffs, Layout layout) {
    this.units = units;
    this.outputs = outputs;
    head = new LinearHead("head.", units, cutoffs.get(0) + cutoffs.size(), null, layout);
    int width = units;
    for (int i = 0; i < cutoffs.size(); i++) {
      int first = cutoffs.get(i);
      int end = i + 1 < cutoffs.size() ? cutoffs.get(i + 1) : outputs;
      if (first < 1 || first >= end) {
        throw new IllegalArgumentException("cutoffs " + cutoffs + " of " + outputs + " outputs");
      }
      width = Math.max(1, width / 4);
      String prefix = "head.clusters." + i + ".";
      Slice projection = layout.matrix(prefix + "projection.weight", width, units);
      clusters.add(new SoftmaxCluster(prefix, first, end, projection, layout));
    }
  }

  /**
   * Lays out an adaptive softmax or, without cutoffs, a plain one.
   *
   * @param tied weights to use instead of own ones, or null; not with cutoffs
   */
  public static TokenHead of(
      int units, int outputs, List<Integer> cutoffs, @Nullable Slice tied, Layout layout) {
    if (cutoffs.isEmpty()) {
      return new SoftmaxHead(units, outputs, tied, layout);
    }
    if (tied != null) {
      throw new IllegalArgumentException("tied weights have no clusters");
    }
    return new AdaptiveSoftmax(units, outputs, cutoffs, layout);
  }

  /** Those of the rare ones are projected. */
  @Override
  public @Nullable Slice rows() {
    return null;
  }

  @Override
  public void initialize(float[] parameters, Initialization initialization) {
    initialization.uniform(parameters, head.weight(), Math.sqrt(1.0 / units));
    clusters.forEach(cluster -> cluster.initialize(parameters, initialization));
  }

  @Override
  public Weights newWeights(Precision precision) {
    return new Packed(precision);
  }

  /** Returns the targets in the first softmax: those of a cluster are the cluster. */
  private int[] listed(int[] targets, int rows) {
    int[] listed = new int[rows];
    int first = head.outputs() - clusters.size();
    for (int row = 0; row < rows; row++) {
      int target = Objects.checkIndex(targets[row], outputs);
      listed[row] = target;
      for (int i = 0; i < clusters.size() && target >= clusters.get(i).first(); i++) {
        listed[row] = first + i;
      }
    }
    return listed;
  }

  private final class Packed implements Weights {
    private final LinearHead.Weights ofHead;
    private final List<SoftmaxCluster.OwnWeights> ofClusters = new ArrayList<>();

    Packed(Precision precision) {
      ofHead = new LinearHead.Weights(precision);
      clusters.forEach(cluster -> ofClusters.add(cluster.new OwnWeights(precision)));
    }

    @Override
    public void packForward(float[] parameters, Workers workers) {
      head.packForward(parameters, ofHead, workers);
      ofClusters.forEach(cluster -> cluster.packForward(parameters, workers));
    }

    @Override
    public void setForSampling(float[] parameters) {
      throw new IllegalStateException("an adaptive softmax samples nothing");
    }

    @Override
    public void packBackward(float[] parameters, Workers workers) {
      head.packBackward(parameters, ofHead, workers);
      ofClusters.forEach(cluster -> cluster.packBackward(parameters, workers));
    }

    @Override
    public void logits(Buffers space, Matrix a, Matrix logits, Workers workers) {
      firstLogits(space, a, logits, workers);
      int count = clusters.size();
      for (int i = 0; i < count; i++) {
        int place = i;
        Matrix words = logits.columns(clusters.get(i).first(), clusters.get(i).end());
        ofClusters.get(i).logits(space, a, words, workers);
        LinearHead.forEach(
            a.rows(),
            workers,
            row -> {
              int at = words.row(row);
              double whole = Softmax.logSumExp(words.data(), at, words.columns());
              float share = space.shares[row * count + place];
              shift(words.data(), at, words.columns(), share - whole);
            });
      }
    }

    /** Keeps the shares of the clusters, whose places are those of the first cluster's outputs. */
    private void firstLogits(Buffers space, Matrix a, Matrix logits, Workers workers) {
      int listed = head.outputs();
      int count = clusters.size();
      space.shares = Rows.room(space.shares, a.rows(), count);
      head.logits(ofHead, a, logits.columns(0, listed), workers);
      LinearHead.forEach(
          a.rows(),
          workers,
          row -> {
            int at = logits.row(row);
            double whole = Softmax.logSumExp(logits.data(), at, listed);
            for (int i = 0; i < count; i++) {
              float ofCluster = logits.data()[at + listed - count + i];
              space.shares[row * count + i] = (float) (ofCluster - whole);
            }
            shift(logits.data(), at, listed - count, -whole);
          });
    }

    @Override
    public void forEachRow(Buffers space, Matrix a, LinearHead.RowReader reader, Workers workers) {
      int chunk = Math.max(16, CHUNK_ELEMENTS / outputs);
      for (int from = 0; from < a.rows(); from += chunk) {
        int first = from;
        Matrix rows = a.rows(from, Math.min(a.rows(), from + chunk));
        space.logits = Rows.room(space.logits, rows.rows(), outputs);
        Matrix logits = Matrix.of(space.logits, rows.rows(), outputs);
        logits(space, rows, logits, workers);
        LinearHead.forEach(
            rows.rows(), workers, row -> reader.read(logits.data(), logits.row(row), first + row));
      }
    }

    /** Of clusters without a target nothing is computed, unless ranks are wanted. */
    @Override
    public void score(
        Buffers space, Matrix a, Targets targets, ScoreReader reader, Workers workers) {
      int[] ids = targets.ids();
      int[] ranks = new int[a.rows()];
      if (targets.ranked()) {
        LinearHead.RowReader ranking =
            (logits, at, row) -> ranks[row] = Softmax.rank(logits, at, outputs, ids[row]);
        forEachRow(space, a, ranking, workers);
      }
      double[] scores = new double[a.rows()];
      int[] listed = listed(ids, a.rows());
      int count = head.outputs();
      LinearHead.RowReader scoring =
          (logits, at, row) ->
              scores[row] = logits[at + listed[row]] - Softmax.logSumExp(logits, at, count);
      head.forEachRow(ofHead, space.head, a, scoring, workers);
      ofClusters.forEach(cluster -> cluster.addScores(space, a, ids, scores, workers));
      for (int row = 0; row < scores.length; row++) {
        reader.read(row, scores[row], ranks[row]);
      }
    }

    @Override
    public double lossAndGradient(
        Buffers space, Matrix a, Loss loss, Gradients into, Workers workers) {
      double total =
          head.lossAndGradient(
              ofHead,
              space.head,
              a,
              head.softmaxLoss(listed(loss.targets(), a.rows()), loss.smoothing()),
              loss.scale(),
              into.inputs(),
              into.parameters(),
              workers);
      for (SoftmaxCluster.OwnWeights cluster : ofClusters) {
        total += cluster.addLossAndGradient(space, a, loss, into, workers);
      }
      return total;
    }
  }

  private static void shift(float[] x, int from, int count, double by) {
    for (int i = from; i < from + count; i++) {
      x[i] = (float) (x[i] + by);
    }
  }
}
