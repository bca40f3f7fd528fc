package dev.unroll.head;

import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Products;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import dev.unroll.kernel.Softmax;
import dev.unroll.kernel.Workers;
import dev.unroll.layer.Initialization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A softmax over all outputs; with cutoffs an adaptive one (Grave et al. 2017), for large
 * vocabularies whose ids are in the order of frequency. The outputs below the first cutoff and one
 * for each cluster of those above compete in a first softmax; the outputs of a cluster compete in a
 * softmax of their own, behind a projection that is the narrower the rarer they are. A step of
 * training then computes the rare clusters for the few rows alone whose targets lie there.
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
public final class SoftmaxHead {

  /** Logits of all outputs held at a time, with clusters: 10 MiB. */
  private static final int CHUNK_ELEMENTS = 5 << 19;

  private final int outputs;
  private final int units;
  private final LinearHead head;
  private final boolean tied;
  private final List<Cluster> clusters = new ArrayList<>();

  /** The outputs from {@code first} up to {@code end}, behind a projection. */
  private record Cluster(int first, int end, Slice projection, LinearHead words) {
    int width() {
      return projection.rows();
    }
  }

  /**
   * Lays out the parameters.
   *
   * @param cutoffs ids at which clusters begin, ascending; none for a plain softmax
   * @param tied weights to use instead of own ones, or null; not with cutoffs
   * @throws IllegalArgumentException if the cutoffs do not ascend between 0 and {@code outputs}
   */
  public SoftmaxHead(
      int units, int outputs, List<Integer> cutoffs, @Nullable Slice tied, Layout layout) {
    this.units = units;
    this.outputs = outputs;
    this.tied = tied != null;
    int listed = cutoffs.isEmpty() ? outputs : cutoffs.get(0) + cutoffs.size();
    if (!cutoffs.isEmpty() && this.tied) {
      throw new IllegalArgumentException("tied weights have no clusters");
    }
    head = new LinearHead("head.", units, listed, tied, layout);
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
      clusters.add(
          new Cluster(
              first, end, projection, new LinearHead(prefix, width, end - first, null, layout)));
    }
  }

  /** Sets first values: weights uniform in ±√(1 / inputs) unless they are tied, biases 0. */
  public void initialize(float[] parameters, Initialization initialization) {
    if (!tied) {
      initialization.uniform(parameters, head.weight(), Math.sqrt(1.0 / units));
    }
    for (Cluster cluster : clusters) {
      initialization.uniform(parameters, cluster.projection, Math.sqrt(1.0 / units));
      Slice weight = cluster.words.weight();
      initialization.uniform(parameters, weight, Math.sqrt(1.0 / cluster.width()));
    }
  }

  /** The weights in the kernel's panel layout: packed after each update, then only read. */
  public static final class Weights {
    private final LinearHead.Weights head;
    private final List<ClusterWeights> clusters;

    private Weights(LinearHead.Weights head, List<ClusterWeights> clusters) {
      this.head = head;
      this.clusters = clusters;
    }
  }

  private record ClusterWeights(
      PackedMatrix forward, PackedMatrix backward, LinearHead.Weights words, Precision precision) {}

  /** Returns weights to pack parameters into that were rounded to {@code precision}. */
  public Weights newWeights(Precision precision) {
    return new Weights(
        new LinearHead.Weights(precision),
        clusters.stream()
            .map(
                cluster ->
                    new ClusterWeights(
                        new PackedMatrix(),
                        new PackedMatrix(),
                        new LinearHead.Weights(precision),
                        precision))
            .toList());
  }

  /** The buffers of one user; they grow to the largest batch seen. */
  public static final class Buffers {
    private final LinearHead.Buffers head = new LinearHead.Buffers();
    private final PackedMatrix packedRows = new PackedMatrix();
    private float[] logits = {};
    private float[] shares = {};
    private float[] projected = {};
    private float[] dProjected = {};
    private float[] rows = {};
    private float[] dRows = {};

    /** Creates empty buffers. */
    public Buffers() {}
  }

  /** Packs the weights for {@link #logits}, {@link #score} and the forward half of the losses. */
  public void packForward(float[] parameters, Weights w, Workers workers) {
    head.packForward(parameters, w.head, workers);
    for (int i = 0; i < clusters.size(); i++) {
      Cluster cluster = clusters.get(i);
      ClusterWeights own = w.clusters.get(i);
      own.backward.clear(); // of older parameters
      Matrix projection = cluster.projection.of(parameters).transposed();
      own.forward.pack(projection, own.precision, workers);
      cluster.words.packForward(parameters, own.words, workers);
    }
  }

  /** Packs the weights for the way back. */
  public void packBackward(float[] parameters, Weights w, Workers workers) {
    head.packBackward(parameters, w.head, workers);
    for (int i = 0; i < clusters.size(); i++) {
      Cluster cluster = clusters.get(i);
      w.clusters.get(i).backward.pack(cluster.projection.of(parameters), workers);
      cluster.words.packBackward(parameters, w.clusters.get(i).words, workers);
    }
  }

  /**
   * Writes logits of the rows of {@code a} [rows][units] to {@code logits} [rows][outputs]: with
   * clusters they are log-probabilities.
   */
  public void logits(Weights w, Buffers space, Matrix a, Matrix logits, Workers workers) {
    if (clusters.isEmpty()) {
      head.logits(w.head, a, logits, workers);
      return;
    }
    int count = clusters.size();
    int listed = head.outputs();
    space.shares = room(space.shares, a.rows() * count);
    head.logits(w.head, a, logits.columns(0, listed), workers);
    eachRow(
        a.rows(),
        workers,
        row -> {
          int at = logits.row(row);
          double whole = Softmax.logSumExp(logits.data(), at, listed);
          for (int i = 0; i < count; i++) { // their places are the first cluster's
            float ofCluster = logits.data()[at + listed - count + i];
            space.shares[row * count + i] = (float) (ofCluster - whole);
          }
          shift(logits.data(), at, listed - count, -whole);
        });
    for (int i = 0; i < count; i++) {
      Cluster cluster = clusters.get(i);
      space.projected = room(space.projected, a.rows() * cluster.width());
      Matrix projected = Matrix.of(space.projected, a.rows(), cluster.width());
      Products.multiply(a, w.clusters.get(i).forward, projected, workers);
      Matrix words = logits.columns(cluster.first, cluster.end);
      cluster.words.logits(w.clusters.get(i).words, projected, words, workers);
      int place = i;
      eachRow(
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

  private static void shift(float[] x, int from, int count, double by) {
    for (int i = from; i < from + count; i++) {
      x[i] = (float) (x[i] + by);
    }
  }

  /** Something that is done for each row, by several threads at once. */
  private interface RowTask {
    void run(int row);
  }

  private static void eachRow(int rows, Workers workers, RowTask task) {
    workers.run(
        rows,
        4,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            task.run(row);
          }
        });
  }

  private static float[] room(float[] space, int size) {
    return space.length < size ? new float[size] : space;
  }

  /**
   * Computes the logits of all rows of {@code a}, some at a time, and shows each row to {@code
   * reader}.
   */
  public void forEachRow(
      Weights w, Buffers space, Matrix a, LinearHead.RowReader reader, Workers workers) {
    if (clusters.isEmpty()) {
      head.forEachRow(w.head, space.head, a, reader, workers);
      return;
    }
    int chunk = Math.max(16, CHUNK_ELEMENTS / outputs);
    for (int from = 0; from < a.rows(); from += chunk) {
      int first = from;
      Matrix rows = a.rows(from, Math.min(a.rows(), from + chunk));
      space.logits = room(space.logits, rows.rows() * outputs);
      Matrix logits = Matrix.of(space.logits, rows.rows(), outputs);
      logits(w, space, rows, logits, workers);
      eachRow(
          rows.rows(), workers, row -> reader.read(logits.data(), logits.row(row), first + row));
    }
  }

  /** Hears how a row's target did. */
  @FunctionalInterface
  public interface ScoreReader {
    /**
     * Reads the log-probability of row {@code row}'s target in nats, and its rank among all outputs
     * (1 for the likeliest; 0 where ranks were not asked for). Called by several threads at once.
     */
    void read(int row, double logProbability, int rank);
  }

  /**
   * Computes the log-probability of one target a row; of clusters that no target is in, nothing.
   *
   * @param withRanks whether ranks are wanted, for which all outputs are computed
   */
  public void score(
      Weights w,
      Buffers space,
      Matrix a,
      int[] targets,
      boolean withRanks,
      ScoreReader reader,
      Workers workers) {
    if (clusters.isEmpty()) {
      head.forEachRow(
          w.head,
          space.head,
          a,
          (logits, at, row) -> {
            double score = logits[at + targets[row]] - Softmax.logSumExp(logits, at, outputs);
            reader.read(row, score, withRanks ? rank(logits, at, targets[row]) : 0);
          },
          workers);
      return;
    }
    int[] ranks = new int[a.rows()];
    if (withRanks) {
      forEachRow(
          w, space, a, (logits, at, row) -> ranks[row] = rank(logits, at, targets[row]), workers);
    }
    double[] scores = new double[a.rows()];
    int[] listed = listed(targets, a.rows());
    int count = head.outputs();
    head.forEachRow(
        w.head,
        space.head,
        a,
        (logits, at, row) ->
            scores[row] = logits[at + listed[row]] - Softmax.logSumExp(logits, at, count),
        workers);
    for (int i = 0; i < clusters.size(); i++) {
      Members members = members(i, targets, a, space);
      Matrix projected = project(w, i, members.rows, space, workers);
      clusters
          .get(i)
          .words
          .forEachRow(
              w.clusters.get(i).words,
              space.head,
              projected,
              (logits, at, member) ->
                  scores[members.places[member]] +=
                      logits[at + members.targets[member]]
                          - Softmax.logSumExp(logits, at, members.outputs),
              workers);
    }
    for (int row = 0; row < scores.length; row++) {
      reader.read(row, scores[row], ranks[row]);
    }
  }

  private int rank(float[] logits, int offset, int target) {
    int rank = 1;
    for (int i = offset; i < offset + outputs; i++) {
      if (logits[i] > logits[offset + target]) {
        rank++;
      }
    }
    return rank;
  }

  /** Returns the targets in the first softmax: those of a cluster are the cluster. */
  private int[] listed(int[] targets, int rows) {
    int[] listed = new int[rows];
    int first = head.outputs() - clusters.size();
    for (int row = 0; row < rows; row++) {
      int target = Objects.checkIndex(targets[row], outputs);
      listed[row] = target;
      for (int i = 0; i < clusters.size() && target >= clusters.get(i).first; i++) {
        listed[row] = first + i;
      }
    }
    return listed;
  }

  /**
   * The rows whose targets lie in a cluster, in ascending order.
   *
   * @param places which rows
   * @param targets their targets within the cluster
   * @param outputs the number of outputs in the cluster
   * @param rows a copy of the rows, [places][units]
   */
  private record Members(int[] places, int[] targets, int outputs, Matrix rows) {}

  private Members members(int i, int[] targets, Matrix a, Buffers space) {
    Cluster cluster = clusters.get(i);
    int[] places = new int[a.rows()];
    int count = 0;
    for (int row = 0; row < a.rows(); row++) {
      if (targets[row] >= cluster.first && targets[row] < cluster.end) {
        places[count++] = row;
      }
    }
    places = Arrays.copyOf(places, count);
    space.rows = room(space.rows, count * units);
    Matrix rows = Matrix.of(space.rows, count, units);
    int[] own = new int[count];
    for (int member = 0; member < count; member++) {
      a.copyRow(places[member], rows, member);
      own[member] = targets[places[member]] - cluster.first;
    }
    return new Members(places, own, cluster.end - cluster.first, rows);
  }

  private Matrix project(Weights w, int i, Matrix rows, Buffers space, Workers workers) {
    int width = clusters.get(i).width();
    space.projected = room(space.projected, rows.rows() * width);
    Matrix projected = Matrix.of(space.projected, rows.rows(), width);
    Products.multiply(rows, w.clusters.get(i).forward, projected, workers);
    return projected;
  }

  /**
   * What is minimised for a row.
   *
   * @param targets the target of each row
   * @param smoothing share of the target's probability that all outputs of a softmax get alike, in
   *     the gradient; the loss is that against the target alone
   * @param scale factor of all gradients, such as 1 / rows for the gradient of a mean
   */
  public record Loss(int[] targets, double smoothing, float scale) {}

  /**
   * Computes losses and all gradients.
   *
   * @param a the layer's input, [rows][units]
   * @param da receives the gradient of a
   * @param gradients flat gradients, to which those of the parameters are added
   * @return the sum of the rows' losses, in nats
   */
  public double lossAndGradient(
      Weights w,
      Buffers space,
      Matrix a,
      Loss loss,
      Matrix da,
      float[] gradients,
      Workers workers) {
    int[] listed = clusters.isEmpty() ? loss.targets : listed(loss.targets, a.rows());
    double total =
        head.lossAndGradient(
            w.head,
            space.head,
            a,
            head.softmaxLoss(listed, loss.smoothing),
            loss.scale,
            da,
            gradients,
            workers);
    for (int i = 0; i < clusters.size(); i++) {
      Members members = members(i, loss.targets, a, space);
      if (members.places.length > 0) {
        total += clusterLossAndGradient(w, i, space, members, loss, da, gradients, workers);
      }
    }
    return total;
  }

  private double clusterLossAndGradient(
      Weights w,
      int i,
      Buffers space,
      Members members,
      Loss loss,
      Matrix da,
      float[] gradients,
      Workers workers) {
    Cluster cluster = clusters.get(i);
    ClusterWeights own = w.clusters.get(i);
    int count = members.places.length;
    Matrix projected = project(w, i, members.rows, space, workers);
    space.dProjected = room(space.dProjected, count * cluster.width());
    Matrix dProjected = Matrix.of(space.dProjected, count, cluster.width());
    double total =
        cluster.words.lossAndGradient(
            own.words,
            space.head,
            projected,
            cluster.words.softmaxLoss(members.targets, loss.smoothing),
            loss.scale,
            dProjected,
            gradients,
            workers);
    space.packedRows.pack(members.rows, workers);
    Matrix dProjection = cluster.projection.of(gradients);
    Products.multiplyAdd(dProjected.transposed(), space.packedRows, dProjection, workers);
    space.dRows = room(space.dRows, count * units);
    Matrix dRows = Matrix.of(space.dRows, count, units);
    Products.multiply(dProjected, own.backward, dRows, workers);
    for (int member = 0; member < count; member++) {
      Rows.add(dRows.data(), dRows.row(member), da.data(), da.row(members.places[member]), units);
    }
    return total;
  }
}
