package dev.unroll.nn;

import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Products;
import dev.unroll.kernel.Workers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one recurrent layer in the kernel's panel layout: packed once after each update
 * and used at every step of every sequence.
 */
public final class RecurrentWeights {

  private final Slice input;
  private final Slice recurrent;
  private final @Nullable Slice own;
  private final int units;
  private final int[] firstRow;
  private final int[] rowsOf;
  private final PackedMatrix inputForward = new PackedMatrix();
  private final PackedMatrix inputBackward = new PackedMatrix();
  private final PackedMatrix[] forward;
  private final PackedMatrix[] backward;
  private final Precision precision;
  private float[] values = new float[0];

  RecurrentWeights(
      Slice input,
      Slice recurrent,
      @Nullable Slice own,
      List<Integer> groups,
      Precision precision) {
    this.precision = precision;
    this.own = own;
    this.input = input;
    this.recurrent = recurrent;
    this.units = recurrent.columns();
    firstRow = new int[groups.size()];
    rowsOf = new int[groups.size()];
    forward = new PackedMatrix[groups.size()];
    backward = new PackedMatrix[groups.size()];
    int row = 0;
    for (int group = 0; group < forward.length; group++) {
      firstRow[group] = row;
      rowsOf[group] = groups.get(group) * units;
      row += rowsOf[group];
      forward[group] = new PackedMatrix();
      backward[group] = new PackedMatrix();
    }
  }

  /** Packs what forward needs from the flat parameters. */
  public void packForward(float[] parameters, Workers workers) {
    values = parameters;
    inputBackward.clear(); // of older parameters
    for (PackedMatrix group : backward) {
      group.clear();
    }
    inputForward.pack(input.of(parameters).transposed(), precision, workers);
    for (int group = 0; group < forward.length; group++) {
      forward[group].pack(recurrentRows(parameters, group).transposed(), precision, workers);
    }
  }

  /** Packs what backward needs besides. */
  public void packBackward(float[] parameters, Workers workers) {
    inputBackward.pack(input.of(parameters), workers);
    for (int group = 0; group < backward.length; group++) {
      backward[group].pack(recurrentRows(parameters, group), workers);
    }
  }

  private Matrix recurrentRows(float[] parameters, int group) {
    return recurrent.of(parameters).rows(firstRow[group], firstRow[group] + rowsOf[group]);
  }

  PackedMatrix inputForward() {
    return inputForward;
  }

  PackedMatrix inputBackward() {
    return inputBackward;
  }

  /** Returns the flat parameters that were packed last, for peepholes and biases. */
  float[] values() {
    return values;
  }

  /** Returns where the cell's own parameters lie, if it has any. */
  @Nullable Slice own() {
    return own;
  }

  /** Adds to the gates of a group: z[group] += state · Wᵀ, on the rows {@code from … to}. */
  void addToGates(int group, Matrix state, Matrix gates, int from, int to, Workers workers) {
    int first = firstRow[group];
    Matrix target = gates.columns(first, first + rowsOf[group]).rows(from, to);
    Products.multiplyAdd(state.rows(from, to), forward[group], target, workers);
  }

  /**
   * Adds a group's product to rows of its own: target += state · Wᵀ, on the rows {@code from … to}.
   */
  void addTo(int group, Matrix state, Matrix target, int from, int to, Workers workers) {
    Products.multiplyAdd(state.rows(from, to), forward[group], target.rows(from, to), workers);
  }

  /** The way back: state += dz[group] · W, or = without {@code add}, on the rows of {@code dz}. */
  void back(int group, Matrix dz, Matrix state, boolean add, Workers workers) {
    if (add) {
      Products.multiplyAdd(dz, backward[group], state, workers);
    } else {
      Products.multiply(dz, backward[group], state, workers);
    }
  }
}
