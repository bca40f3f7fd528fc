package dev.unroll.kernel;

import static dev.unroll.kernel.Tile.STRIP_ROWS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector twin of {@link Strips}. Eight elements are copied for six, as one vector or as two;
 * the two that are too many are overwritten by the next six, at the end of a strip they fall into
 * its slack.
 *
 * <p>Rows of memory are read as they lie there, four side by side, since what waits for memory then
 * waits for four at a time: with 40 KB from row to row, in a third of the time that strip after
 * strip takes.
 */
final class VectorStrips {

  private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
  private static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;
  private static final VectorMask<Float> SIX = VectorMask.fromLong(EIGHT, 0b111111);
  private static final Class<? extends FloatVector> FOURS = Lanes.type(FOUR);
  private static final Class<? extends FloatVector> EIGHTS = Lanes.type(EIGHT);
  private static final boolean WIDE = Lanes.COUNT >= 8;

  private VectorStrips() {}

  /**
   * Copies the strips that have two further elements to read, and returns how many rows that was.
   */
  static int pack(float[] data, int from, int stride, Tile.StripSize size, float[] left, int at) {
    int readable = data.length - from - (size.count() - 1) * stride;
    int strips = Math.max(0, Math.min(size.rows(), readable - 2)) / STRIP_ROWS;
    int k = 0;
    for (; k <= size.count() - 4; k += 4) {
      int source = from + k * stride;
      int target = at + k * STRIP_ROWS;
      for (int strip = 0; strip < strips; strip++) {
        copy(data, source, left, target);
        copy(data, source + stride, left, target + STRIP_ROWS);
        copy(data, source + 2 * stride, left, target + 2 * STRIP_ROWS);
        copy(data, source + 3 * stride, left, target + 3 * STRIP_ROWS);
        source += STRIP_ROWS;
        target += Tile.STRIP_STRIDE;
      }
    }
    for (; k < size.count(); k++) {
      for (int strip = 0; strip < strips; strip++) {
        int target = at + strip * Tile.STRIP_STRIDE + k * STRIP_ROWS;
        copy(data, from + k * stride + strip * STRIP_ROWS, left, target);
      }
    }
    return strips * STRIP_ROWS;
  }

  /**
   * Adds up the rows of some strips, three strips at a time, and returns how many rows that was.
   */
  static int addSums(float[] left, int at, Tile.StripSize size, float[] sums, int offset) {
    int strips = WIDE ? size.rows() / (3 * STRIP_ROWS) * 3 : 0;
    for (int strip = 0; strip < strips; strip += 3) {
      int row = offset + strip * STRIP_ROWS;
      int first = at + strip * Tile.STRIP_STRIDE;
      int second = first + Tile.STRIP_STRIDE;
      int third = second + Tile.STRIP_STRIDE;
      var one = FloatVector.fromArray(EIGHT, sums, row, SIX);
      var two = FloatVector.fromArray(EIGHT, sums, row + STRIP_ROWS, SIX);
      var three = FloatVector.fromArray(EIGHT, sums, row + 2 * STRIP_ROWS, SIX);
      for (int k = 0; k < size.count() * STRIP_ROWS; k += STRIP_ROWS) {
        one = EIGHTS.cast(FloatVector.fromArray(EIGHT, left, first + k)).add(one);
        two = EIGHTS.cast(FloatVector.fromArray(EIGHT, left, second + k)).add(two);
        three = EIGHTS.cast(FloatVector.fromArray(EIGHT, left, third + k)).add(three);
      }
      EIGHTS.cast(one).intoArray(sums, row, SIX);
      EIGHTS.cast(two).intoArray(sums, row + STRIP_ROWS, SIX);
      EIGHTS.cast(three).intoArray(sums, row + 2 * STRIP_ROWS, SIX);
    }
    return strips * STRIP_ROWS;
  }

  private static void copy(float[] data, int source, float[] left, int target) {
    if (WIDE) {
      EIGHTS.cast(FloatVector.fromArray(EIGHT, data, source)).intoArray(left, target);
    } else {
      var low = FOURS.cast(FloatVector.fromArray(FOUR, data, source));
      var high = FOURS.cast(FloatVector.fromArray(FOUR, data, source + 4));
      low.intoArray(left, target);
      high.intoArray(left, target + 4);
    }
  }
}
