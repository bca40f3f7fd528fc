package dev.unroll.layer;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of {@code factor/2·Σ (a⟨t⟩ - a⟨t-1⟩)²}, which pulls outputs towards those of the
 * step before (Merity et al. 2017).
 *
 * @param factor factor of the gradient; 0 for none
 */
public record TemporalPenalty(float factor) {

  /** No penalty. */
  public static final TemporalPenalty NONE = new TemporalPenalty(0f);

  /**
   * Adds the gradient to that of the outputs.
   *
   * @param a outputs, [R][outputs]
   * @param start outputs before the first step, [B][outputs], or null where nothing came before
   * @param da gradient of the outputs, [R][outputs]
   * @return the gradient of {@code start}; empty where that is null
   */
  public float[] addGradient(
      Steps steps, Matrix a, float @Nullable [] start, Matrix da, Workers workers) {
    float[] dStart = new float[start == null ? 0 : start.length];
    int units = a.columns();
    workers.run(
        steps.batch(),
        1,
        (from, to) -> {
          for (int row = 0; row < steps.rows(); row++) {
            int sequence = steps.sequence(row);
            int before = steps.before(row);
            if (sequence < from || sequence >= to) {
              continue;
            }
            if (before >= 0) {
              add(a, row, a.data(), a.row(before), da, da.data(), da.row(before));
            } else if (start != null) {
              add(a, row, start, sequence * units, da, dStart, sequence * units);
            }
          }
        });
    return dStart;
  }

  private void add(
      Matrix a, int row, float[] past, int pastFrom, Matrix da, float[] dPast, int dPastFrom) {
    int now = a.row(row);
    int dNow = da.row(row);
    for (int j = 0; j < a.columns(); j++) {
      float difference = factor * (a.data()[now + j] - past[pastFrom + j]);
      da.data()[dNow + j] += difference;
      dPast[dPastFrom + j] -= difference;
    }
  }
}
