package dev.unroll.layer;

import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.kernel.Slice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one recurrent layer in the kernel's panel layout: packed once after each update
 * and used at every step of every sequence.
 */
public final class RecurrentWeights implements LayerWeights {

  private final Slice input;
  private final Slice recurrent;
  private final @Nullable Slice projection;
  private final int[] firstRow;
  private final int[] endRow;
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

  private @Nullable InputShares inputShares;

  /** Creates weights to pack parameters into that were rounded to {@code precision}. */
  RecurrentWeights(LayerForm form, LayerParameters parameters, Precision precision) {
    this.precision = precision;
    input = parameters.input();
    recurrent = parameters.recurrent();
    projection = parameters.projection();
    List<Integer> products = form.cell().products();
    firstRow = new int[products.size()];
    endRow = new int[products.size()];
    forward = new PackedMatrix[products.size()];
    backward = new PackedMatrix[products.size()];
    int row = 0;
    for (int product = 0; product < forward.length; product++) {
      firstRow[product] = row;
      row += products.get(product) * form.units();
      endRow[product] = row;
      forward[product] = new PackedMatrix();
      backward[product] = new PackedMatrix();
    }
  }

  @Override
  public void packForward(float[] parameters, Workers workers) {
    packForward(parameters, recurrent.of(parameters), workers);
  }

  private void packForward(float[] parameters, Matrix weights, Workers workers) {
    values = parameters;
    inputShares = null; // of older parameters, as what follows
    inputBackward.clear();
    projectionBackward.clear();
    for (PackedMatrix product : backward) {
      product.clear();
    }
    inputForward.pack(input.of(parameters).transposed(), precision, workers);
    if (projection != null) {
      projectionForward.pack(projection.of(parameters).transposed(), precision, workers);
    }
    for (int product = 0; product < forward.length; product++) {
      forward[product].pack(rows(weights, product).transposed(), precision, workers);
    }
  }

  @Override
  public void packBackward(float[] parameters, Workers workers) {
    packBackward(parameters, recurrent.of(parameters), workers);
  }

  private void packBackward(float[] parameters, Matrix weights, Workers workers) {
    inputBackward.pack(input.of(parameters), workers);
    if (projection != null) {
      projectionBackward.pack(projection.of(parameters), workers);
    }
    for (int product = 0; product < backward.length; product++) {
      backward[product].pack(rows(weights, product), workers);
    }
  }

  @Override
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

  @Override
  public void dropGradients(
      float[] gradients, Dropout dropout, CounterRandom random, Workers workers) {
    Matrix own = recurrent.of(gradients);
    dropout.apply(own, own, random, row -> row, workers);
  }

  /** Returns the rows of a product among all gates, [gates·H][columns]. */
  Matrix rows(Matrix weights, int product) {
    return weights.rows(firstRow[product], endRow[product]);
  }

  /** Returns the first column of a product's gates. */
  int firstRow(int product) {
    return firstRow[product];
  }

  /** Returns the column after the last of a product's gates. */
  int endRow(int product) {
    return endRow[product];
  }

  /** Returns the number of recurrent products of a step. */
  int products() {
    return forward.length;
  }

  PackedMatrix inputForward() {
    return inputForward;
  }

  /** Remembers the shares of inputs, until other parameters are packed. */
  void rememberInputs() {
    inputShares = new InputShares(input.columns(), input.rows());
  }

  /** Returns the shares of inputs that were read lately, or null where none are remembered. */
  @Nullable InputShares inputShares() {
    return inputShares;
  }

  PackedMatrix inputBackward() {
    return inputBackward;
  }

  PackedMatrix forward(int product) {
    return forward[product];
  }

  PackedMatrix backward(int product) {
    return backward[product];
  }

  PackedMatrix projectionForward() {
    return projectionForward;
  }

  PackedMatrix projectionBackward() {
    return projectionBackward;
  }

  /** Returns the flat parameters that were packed last, for biases and a cell's own parameters. */
  float[] values() {
    return values;
  }
}
