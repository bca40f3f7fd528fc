package dev.unroll.head;

import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.kernel.Products;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import dev.unroll.kernel.Softmax;
import dev.unroll.layer.Initialization;
import java.util.Arrays;

/**
 * The outputs from {@code first} up to {@code end} of an {@link AdaptiveSoftmax}: a softmax of
 * their own, {@code softmax(W (P a) + b)}, after a projection.
 *
 * <p>Parameters: {@code projection.weight} [width][units], {@code weight} [outputs][width] and
 * {@code bias} [outputs].
 */
final class SoftmaxCluster {

  private final int first;
  private final int end;
  private final int units;
  private final int width;
  private final Slice projection;
  private final LinearHead words;

  /** Lays out the parameters under names that begin with {@code prefix}. */
  SoftmaxCluster(String prefix, int first, int end, Slice projection, Layout layout) {
    this.first = first;
    this.end = end;
    this.projection = projection;
    units = projection.columns();
    width = projection.rows();
    words = new LinearHead(prefix, width, end - first, null, layout);
  }

  int first() {
    return first;
  }

  int end() {
    return end;
  }

  void initialize(float[] parameters, Initialization initialization) {
    initialization.uniform(parameters, projection, Math.sqrt(1.0 / units));
    initialization.uniform(parameters, words.weight(), Math.sqrt(1.0 / width));
  }

  /**
   * The rows whose targets lie in the cluster, in ascending order.
   *
   * @param places which rows
   * @param targets their targets within the cluster
   * @param rows a copy of the rows, [places][units]
   */
  private record Members(int[] places, int[] targets, Matrix rows) {
    int count() {
      return places.length;
    }
  }

  private Members members(int[] targets, Matrix a, TokenHead.Buffers space) {
    int[] places = new int[a.rows()];
    int count = 0;
    for (int row = 0; row < a.rows(); row++) {
      if (targets[row] >= first && targets[row] < end) {
        places[count++] = row;
      }
    }
    places = Arrays.copyOf(places, count);
    space.rows = Rows.room(space.rows, count, units);
    Matrix rows = Matrix.of(space.rows, count, units);
    int[] own = new int[count];
    for (int member = 0; member < count; member++) {
      a.copyRow(places[member], rows, member);
      own[member] = targets[places[member]] - first;
    }
    return new Members(places, own, rows);
  }

  /** The packed weights, and what is computed with them. */
  final class OwnWeights {
    private final PackedMatrix forward = new PackedMatrix();
    private final PackedMatrix backward = new PackedMatrix();
    private final LinearHead.Weights ofWords;
    private final Precision precision;

    OwnWeights(Precision precision) {
      this.precision = precision;
      ofWords = new LinearHead.Weights(precision);
    }

    void packForward(float[] parameters, Workers workers) {
      backward.clear(); // of older parameters
      forward.pack(projection.of(parameters).transposed(), precision, workers);
      words.packForward(parameters, ofWords, workers);
    }

    void packBackward(float[] parameters, Workers workers) {
      backward.pack(projection.of(parameters), workers);
      words.packBackward(parameters, ofWords, workers);
    }

    /** Writes the logits of the rows of {@code a} to {@code logits} [rows][outputs]. */
    void logits(TokenHead.Buffers space, Matrix a, Matrix logits, Workers workers) {
      words.logits(ofWords, project(a, space, workers), logits, workers);
    }

    private Matrix project(Matrix rows, TokenHead.Buffers space, Workers workers) {
      space.projected = Rows.room(space.projected, rows.rows(), width);
      Matrix projected = Matrix.of(space.projected, rows.rows(), width);
      Products.multiply(rows, forward, projected, workers);
      return projected;
    }

    /** Adds the log-probabilities within the cluster to the scores of rows with targets in it. */
    void addScores(
        TokenHead.Buffers space, Matrix a, int[] targets, double[] scores, Workers workers) {
      Members members = members(targets, a, space);
      LinearHead.RowReader reader =
          (logits, at, member) ->
              scores[members.places[member]] +=
                  logits[at + members.targets[member]]
                      - Softmax.logSumExp(logits, at, words.outputs());
      Matrix projected = project(members.rows, space, workers);
      words.forEachRow(ofWords, space.head, projected, reader, workers);
    }

    /** Adds the gradients of rows with targets in the cluster, and returns their losses. */
    double addLossAndGradient(
        TokenHead.Buffers space,
        Matrix a,
        TokenHead.Loss loss,
        TokenHead.Gradients into,
        Workers workers) {
      Members members = members(loss.targets(), a, space);
      int count = members.count();
      if (count == 0) {
        return 0;
      }
      Matrix projected = project(members.rows, space, workers);
      space.dProjected = Rows.room(space.dProjected, count, width);
      Matrix dProjected = Matrix.of(space.dProjected, count, width);
      double total =
          words.lossAndGradient(
              ofWords,
              space.head,
              projected,
              words.softmaxLoss(members.targets, loss.smoothing()),
              loss.scale(),
              dProjected,
              into.parameters(),
              workers);
      space.packedRows.pack(members.rows, workers);
      Matrix dProjection = projection.of(into.parameters());
      Products.multiplyAdd(dProjected.transposed(), space.packedRows, dProjection, workers);
      space.dRows = Rows.room(space.dRows, count, units);
      Matrix dRows = Matrix.of(space.dRows, count, units);
      Products.multiply(dProjected, backward, dRows, workers);
      Matrix da = into.inputs();
      for (int member = 0; member < count; member++) {
        Rows.add(dRows.data(), dRows.row(member), da.data(), da.row(members.places[member]), units);
      }
      return total;
    }
  }
}
