package dev.unroll.kernel;

import static dev.unroll.kernel.Tile.STRIP_ROWS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector twin of {@link Strips}. Six elements are copied as two vectors of four; the two that
 * are too many are overwritten by the next six, at the end of a strip they fall into its slack.
 */
final class VectorStrips {

  private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;

  /** Values of k that are copied before the next strip: their cache lines are then read once. */
  private static final int RUN = 16;

  private VectorStrips() {}

  /** Copies the strips that have two further rows to read, and returns how many rows that was. */
  static int pack(float[] data, int from, int stride, Tile.StripSize size, float[] left, int at) {
    int strips = Math.max(0, (size.rows() - 2) / STRIP_ROWS);
    for (int first = 0; first < size.count(); first += RUN) {
      int end = Math.min(size.count(), first + RUN);
      for (int strip = 0; strip < strips; strip++) {
        int source = from + strip * STRIP_ROWS;
        int target = at + strip * Tile.STRIP_STRIDE;
        for (int k = first; k < end; k++) {
          var low = FloatVector.fromArray(FOUR, data, source + k * stride);
          var high = FloatVector.fromArray(FOUR, data, source + k * stride + 4);
          low.intoArray(left, target + k * STRIP_ROWS);
          high.intoArray(left, target + k * STRIP_ROWS + 4);
        }
      }
    }
    return strips * STRIP_ROWS;
  }
}
