package dev.unroll.layer;

import dev.unroll.kernel.CellBuffers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Matrix;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Products;
import dev.unroll.kernel.Slice;
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
  private final @Nullable Slice projection;
  private final @Nullable Normalization normalization;
  private final int[] firstRow;
  private final int[] rowsOf;
  private final PackedMatrix inputForward = new PackedMatrix();
  private final PackedMatrix inputBackward = new PackedMatrix();
  private final PackedMatrix projectionForward = new PackedMatrix();
  private final PackedMatrix projectionBackward = new PackedMatrix();
  private final PackedMatrix[] forward;
  private final PackedMatrix[] backward;
  private final Precision precision;
  private float[] values = new float[0];

  /** The recurrent weights without those that were dropped, where any were. */
  private float[] left = new float[0];

  /**
   * Where the parameters of a layer lie.
   *
   * @param input [G·H][inputs]
   * @param recurrent [G·H][outputs], or without rows
   * @param own the cell's own
   * @param projection [outputs][H]
   * @param normalization those of layer normalisation
   */
  record Places(
      Slice input,
      Slice recurrent,
      @Nullable Slice own,
      @Nullable Slice projection,
      @Nullable Normalization normalization) {}

  RecurrentWeights(Places places, int units, List<Integer> groups, Precision precision) {
    this.precision = precision;
    own = places.own;
    input = places.input;
    recurrent = places.recurrent;
    projection = places.projection;
    normalization = places.normalization;
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
    projectionBackward.clear();
    for (PackedMatrix group : backward) {
      group.clear();
    }
    inputForward.pack(input.of(parameters).transposed(), precision, workers);
    if (projection != null) {
      projectionForward.pack(projection.of(parameters).transposed(), precision, workers);
    }
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
    if (projection != null) {
      projectionBackward.pack(projection.of(parameters), workers);
    }
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
  void addToGates(int group, CellBuffers b, Matrix state, int from, int to, Workers workers) {
    int first = firstRow[group];
    addTo(group, b, state, b.gates(to).columns(first, first + rowsOf[group]), from, to, workers);
  }

  /**
   * Adds a group's product to rows of its own: target += state · Wᵀ, on the rows {@code from … to};
   * with layer normalisation, gain ∗ LN(state · Wᵀ).
   */
  void addTo(
      int group, CellBuffers b, Matrix state, Matrix target, int from, int to, Workers workers) {
    if (normalization == null) {
      Products.multiplyAdd(state.rows(from, to), forward[group], target.rows(from, to), workers);
      return;
    }
    Matrix products = b.normalizedGroup(group).rows(to).rows(from, to);
    Products.multiply(state.rows(from, to), forward[group], products, workers);
    normalization.recurrent(values, group, b, target, from, to);
  }

  /**
   * The way back of the rows from {@code from} on: state += dz[group] · W, or = without {@code
   * add}, on the rows of {@code dz}.
   */
  void back(
      int group, CellBuffers b, int from, Matrix dz, Matrix state, boolean add, Workers workers) {
    Matrix gradient =
        normalization == null ? dz : normalization.recurrentBack(values, group, b, from, dz);
    if (add) {
      Products.multiplyAdd(gradient, backward[group], state, workers);
    } else {
      Products.multiply(gradient, backward[group], state, workers);
    }
  }

  /** Normalises memory cells for the output, where there is layer normalisation. */
  void normalizeCell(CellBuffers b, int from, int to) {
    if (normalization != null) {
      normalization.cell(values, b, from, to);
    }
  }

  /** The way back of {@link #normalizeCell}. */
  void normalizeCellBack(CellBuffers b, int from, int to) {
    if (normalization != null) {
      normalization.cellBack(values, b, from, to);
    }
  }

  /** a⟨t⟩ = Wp h⟨t⟩ of what the gates let out, where there is a projection. */
  void project(CellBuffers b, int from, int to, Workers workers) {
    if (projection != null) {
      Matrix hidden = b.hidden(to).rows(from, to);
      Products.multiply(hidden, projectionForward, b.output(to).rows(from, to), workers);
    }
  }

  /** The way back of {@link #project}: dh = da · Wp. */
  void projectBack(CellBuffers b, int from, int to, Workers workers) {
    if (projection != null) {
      Matrix gradient = b.dOutput(to).rows(from, to);
      Products.multiply(gradient, projectionBackward, b.dHidden(to).rows(from, to), workers);
    }
  }

  /** What the gradients of weights are products of, packed; reused by the next batch. */
  static final class Operands {
    private final PackedMatrix inputs = new PackedMatrix();
    private final PackedMatrix states = new PackedMatrix();
  }

  /**
   * Adds the gradients of all weight matrices, dW += dzᵀ·x, dWa += dzᵀ·a⟨t-1⟩ and dWp += daᵀ·h,
   * each over all rows in ascending order; the first two together where dz is the same.
   */
  void addGradients(
      Cell cell, CellBuffers b, Matrix x, Operands packed, float[] gradients, Workers workers) {
    int rows = x.rows();
    boolean plain = normalization == null;
    Matrix dz = plain ? b.dGates(rows) : b.normalizedInput().gradients(rows);
    packed.inputs.pack(x, workers);
    if (forward.length == 0) {
      Products.multiplyAdd(dz.transposed(), packed.inputs, input.of(gradients), workers);
    }
    for (int group = 0; group < forward.length; group++) {
      int from = firstRow[group];
      Matrix part = dz.columns(from, from + rowsOf[group]);
      Matrix recurrentPart =
          plain ? cell.recurrentGradient(b, rows, group) : b.normalizedGroup(group).gradients(rows);
      packed.states.pack(cell.recurrentInput(b, rows, group), workers);
      var ofInput = new Products.Term(packed.inputs, rows(input.of(gradients), group));
      var ofState = new Products.Term(packed.states, rows(recurrent.of(gradients), group));
      if (recurrentPart.equals(part)) {
        Products.multiplyAdd(part.transposed(), ofInput, ofState, workers);
      } else {
        Products.multiplyAdd(part.transposed(), ofInput.b(), ofInput.c(), workers);
        Products.multiplyAdd(recurrentPart.transposed(), ofState.b(), ofState.c(), workers);
      }
    }
    if (projection != null) {
      packed.states.pack(b.hidden(rows), workers);
      Matrix da = b.dOutput(rows).transposed();
      Products.multiplyAdd(da, packed.states, projection.of(gradients), workers);
    }
  }
}
