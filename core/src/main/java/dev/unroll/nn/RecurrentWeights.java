package dev.unroll.nn;

import dev.unroll.kernel.CounterRandom;
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

  /** The recurrent weights without those that were dropped, where any were. */
  private float[] left = new float[0];

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
    packForward(parameters, recurrent.of(parameters), workers);
  }

  private void packForward(float[] parameters, Matrix weights, Workers workers) {
    values = parameters;
    inputBackward.clear(); // of older parameters
    for (PackedMatrix group : backward) {
      group.clear();
    }
    inputForward.pack(input.of(parameters).transposed(), precision, workers);
    for (int group = 0; group < forward.length; group++) {
      forward[group].pack(rows(weights, group).transposed(), precision, workers);
    }
  }

  /** Packs what backward needs besides. */
  public void packBackward(float[] parameters, Workers workers) {
    packBackward(parameters, recurrent.of(parameters), workers);
  }

  private void packBackward(float[] parameters, Matrix weights, Workers workers) {
    inputBackward.pack(input.of(parameters), workers);
    for (int group = 0; group < backward.length; group++) {
      backward[group].pack(rows(weights, group), workers);
    }
  }

  /**
   * Packs what forward and backward need, with some of the recurrent weights dropped; their
   * gradients must go through {@link #dropGradients} then.
   */
  public void packDropped(
      float[] parameters, Dropout dropout, CounterRandom random, Workers workers) {
    if (left.length == 0) {
      left = new float[recurrent.size()];
    }
    Matrix kept = Matrix.of(left, recurrent.rows(), recurrent.columns());
    dropout.apply(recurrent.of(parameters), kept, random, row -> row, workers);
    packForward(parameters, kept, workers);
    packBackward(parameters, kept, workers);
  }

  /** The gradients of the recurrent weights pass where the weights passed. */
  public void dropGradients(
      float[] gradients, Dropout dropout, CounterRandom random, Workers workers) {
    Matrix own = recurrent.of(gradients);
    dropout.apply(own, own, random, row -> row, workers);
  }

  private Matrix rows(Matrix weights, int group) {
    return weights.rows(firstRow[group], firstRow[group] + rowsOf[group]);
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
