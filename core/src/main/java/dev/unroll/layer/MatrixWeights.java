package dev.unroll.layer;

import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.kernel.Slice;
import org.jspecify.annotations.Nullable;

/** The weights of a part with one matrix, or with none, in the kernel's panel layout. */
public final class MatrixWeights {

  private final PackedMatrix forward = new PackedMatrix();
  private final PackedMatrix backward = new PackedMatrix();
  private final Precision precision;
  private float[] values = {};

  /** Creates weights to pack parameters into that were rounded to {@code precision}. */
  public MatrixWeights(Precision precision) {
    this.precision = precision;
  }

  /**
   * Packs what the forward pass needs.
   *
   * @param weight the matrix [outputs][inputs], if there is one
   */
  public void packForward(float[] parameters, @Nullable Slice weight, Workers workers) {
    values = parameters;
    backward.clear(); // of older parameters
    if (weight != null) {
      forward.pack(weight.of(parameters).transposed(), precision, workers);
    }
  }

  /** Packs what the backward pass needs in addition. */
  public void packBackward(float[] parameters, @Nullable Slice weight, Workers workers) {
    if (weight != null) {
      backward.pack(weight.of(parameters), workers);
    }
  }

  /** Returns all parameters that were packed last. */
  public float[] values() {
    return values;
  }

  /** Returns the matrix as the forward pass multiplies by it: [inputs][outputs]. */
  public PackedMatrix forward() {
    return forward;
  }

  /** Returns the matrix as the backward pass multiplies by it: [outputs][inputs]. */
  public PackedMatrix backward() {
    return backward;
  }
}
