package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;
import static dev.unroll.kernel.Lanes.TYPE;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loop of a product with one row, which each step of a single sequence is: 8 vectors of
 * sums, from two panels of four vectors side by side or from four of two. The sums of one panel
 * alone would wait for each other's multiply-adds longer than for B, of which such a product reads
 * each element once, from the L2 cache: measured on Zen 5, a row of 200 with 200 × 800 takes 4.7 µs
 * panel by panel and 3.1 µs in this way.
 *
 * <p>Every sum is that of {@link VectorRowTiles}, to the bit.
 */
final class VectorOneRow {

  /** Vectors of sums. */
  private static final int SUMS = 8;

  /** Panels that one call takes, each of them full. */
  static final int PANELS = SUMS / Lanes.PANEL_VECTORS;

  private static final int WIDTH = Lanes.PANEL_VECTORS * COUNT;

  /** Columns of a panel of three vectors. */
  private static final int THREE = 3 * COUNT;

  private VectorOneRow() {}

  /**
   * Some panels of B side by side and the row that meets them.
   *
   * @param depth number of products in each sum
   * @param left the row of A
   * @param offset where it begins
   * @param panels elements of B
   * @param panel where the first panel begins
   * @param panelStride distance between panels
   * @param source what sums start from
   * @param sourceStride distance between what the panels' sums start from
   * @param target where sums end, side by side
   */
  record Row(
      int depth,
      float[] left,
      int offset,
      float[] panels,
      int panel,
      int panelStride,
      float[] source,
      int sourceStride,
      float[] target) {}

  /** Computes the columns of {@link #PANELS} panels; source and target begin at these indices. */
  static void multiply(Row row, int from, int at) {
    if (PANELS == 2) {
      twoByFour(row, from, at);
    } else {
      fourByTwo(row, from, at);
    }
  }

  private static void twoByFour(Row row, int from, int at) {
    float[] s = row.source();
    int next = from + row.sourceStride();
    var c0 = FloatVector.fromArray(SPECIES, s, from);
    var c1 = FloatVector.fromArray(SPECIES, s, from + COUNT);
    var c2 = FloatVector.fromArray(SPECIES, s, from + 2 * COUNT);
    var c3 = FloatVector.fromArray(SPECIES, s, from + 3 * COUNT);
    var c4 = FloatVector.fromArray(SPECIES, s, next);
    var c5 = FloatVector.fromArray(SPECIES, s, next + COUNT);
    var c6 = FloatVector.fromArray(SPECIES, s, next + 2 * COUNT);
    var c7 = FloatVector.fromArray(SPECIES, s, next + 3 * COUNT);
    float[] a = row.left();
    int left = row.offset();
    float[] b = row.panels();
    int p = row.panel();
    int q = p + row.panelStride();
    int depth = row.depth();
    for (int k = 0; k < depth; k++) {
      var x = FloatVector.broadcast(SPECIES, a[left + k]);
      c0 = x.fma(FloatVector.fromArray(SPECIES, b, p + k * WIDTH), c0);
      c1 = x.fma(FloatVector.fromArray(SPECIES, b, p + COUNT + k * WIDTH), c1);
      c2 = x.fma(FloatVector.fromArray(SPECIES, b, p + 2 * COUNT + k * WIDTH), c2);
      c3 = x.fma(FloatVector.fromArray(SPECIES, b, p + 3 * COUNT + k * WIDTH), c3);
      c4 = x.fma(FloatVector.fromArray(SPECIES, b, q + k * WIDTH), c4);
      c5 = x.fma(FloatVector.fromArray(SPECIES, b, q + COUNT + k * WIDTH), c5);
      c6 = x.fma(FloatVector.fromArray(SPECIES, b, q + 2 * COUNT + k * WIDTH), c6);
      c7 = x.fma(FloatVector.fromArray(SPECIES, b, q + 3 * COUNT + k * WIDTH), c7);
    }
    float[] c = row.target();
    TYPE.cast(c0).intoArray(c, at);
    TYPE.cast(c1).intoArray(c, at + COUNT);
    TYPE.cast(c2).intoArray(c, at + 2 * COUNT);
    TYPE.cast(c3).intoArray(c, at + 3 * COUNT);
    TYPE.cast(c4).intoArray(c, at + 4 * COUNT);
    TYPE.cast(c5).intoArray(c, at + 5 * COUNT);
    TYPE.cast(c6).intoArray(c, at + 6 * COUNT);
    TYPE.cast(c7).intoArray(c, at + 7 * COUNT);
  }

  /**
   * Computes the columns of a panel of four vectors and of two panels of three after it, side by
   * side, as one after the other each would wait for its own sums.
   *
   * @param row where the first of these panels begins, and those of four vectors are apart
   */
  static void fourAndTwiceThree(Row row, int from, int at) {
    float[] s = row.source();
    int apart = row.sourceStride() / WIDTH * COUNT; // 0 where all sums start from the same
    var c0 = FloatVector.fromArray(SPECIES, s, from);
    var c1 = FloatVector.fromArray(SPECIES, s, from + apart);
    var c2 = FloatVector.fromArray(SPECIES, s, from + 2 * apart);
    var c3 = FloatVector.fromArray(SPECIES, s, from + 3 * apart);
    var c4 = FloatVector.fromArray(SPECIES, s, from + 4 * apart);
    var c5 = FloatVector.fromArray(SPECIES, s, from + 5 * apart);
    var c6 = FloatVector.fromArray(SPECIES, s, from + 6 * apart);
    var c7 = FloatVector.fromArray(SPECIES, s, from + 7 * apart);
    var c8 = FloatVector.fromArray(SPECIES, s, from + 8 * apart);
    var c9 = FloatVector.fromArray(SPECIES, s, from + 9 * apart);
    float[] a = row.left();
    int left = row.offset();
    float[] b = row.panels();
    int p = row.panel();
    int q = p + row.panelStride();
    int r = q + row.panelStride() / 4 * 3;
    int depth = row.depth();
    for (int k = 0; k < depth; k++) {
      var x = FloatVector.broadcast(SPECIES, a[left + k]);
      c0 = x.fma(FloatVector.fromArray(SPECIES, b, p + k * WIDTH), c0);
      c1 = x.fma(FloatVector.fromArray(SPECIES, b, p + COUNT + k * WIDTH), c1);
      c2 = x.fma(FloatVector.fromArray(SPECIES, b, p + 2 * COUNT + k * WIDTH), c2);
      c3 = x.fma(FloatVector.fromArray(SPECIES, b, p + 3 * COUNT + k * WIDTH), c3);
      c4 = x.fma(FloatVector.fromArray(SPECIES, b, q + k * THREE), c4);
      c5 = x.fma(FloatVector.fromArray(SPECIES, b, q + COUNT + k * THREE), c5);
      c6 = x.fma(FloatVector.fromArray(SPECIES, b, q + 2 * COUNT + k * THREE), c6);
      c7 = x.fma(FloatVector.fromArray(SPECIES, b, r + k * THREE), c7);
      c8 = x.fma(FloatVector.fromArray(SPECIES, b, r + COUNT + k * THREE), c8);
      c9 = x.fma(FloatVector.fromArray(SPECIES, b, r + 2 * COUNT + k * THREE), c9);
    }
    float[] c = row.target();
    TYPE.cast(c0).intoArray(c, at);
    TYPE.cast(c1).intoArray(c, at + COUNT);
    TYPE.cast(c2).intoArray(c, at + 2 * COUNT);
    TYPE.cast(c3).intoArray(c, at + 3 * COUNT);
    TYPE.cast(c4).intoArray(c, at + 4 * COUNT);
    TYPE.cast(c5).intoArray(c, at + 5 * COUNT);
    TYPE.cast(c6).intoArray(c, at + 6 * COUNT);
    TYPE.cast(c7).intoArray(c, at + 7 * COUNT);
    TYPE.cast(c8).intoArray(c, at + 8 * COUNT);
    TYPE.cast(c9).intoArray(c, at + 9 * COUNT);
  }

  /** The same for three panels of three vectors, which are apart. */
  static void threeTimesThree(Row row, int from, int at) {
    float[] s = row.source();
    int apart = row.sourceStride() / THREE * COUNT;
    var c0 = FloatVector.fromArray(SPECIES, s, from);
    var c1 = FloatVector.fromArray(SPECIES, s, from + apart);
    var c2 = FloatVector.fromArray(SPECIES, s, from + 2 * apart);
    var c3 = FloatVector.fromArray(SPECIES, s, from + 3 * apart);
    var c4 = FloatVector.fromArray(SPECIES, s, from + 4 * apart);
    var c5 = FloatVector.fromArray(SPECIES, s, from + 5 * apart);
    var c6 = FloatVector.fromArray(SPECIES, s, from + 6 * apart);
    var c7 = FloatVector.fromArray(SPECIES, s, from + 7 * apart);
    var c8 = FloatVector.fromArray(SPECIES, s, from + 8 * apart);
    float[] a = row.left();
    int left = row.offset();
    float[] b = row.panels();
    int p = row.panel();
    int q = p + row.panelStride();
    int r = q + row.panelStride();
    int depth = row.depth();
    for (int k = 0; k < depth; k++) {
      var x = FloatVector.broadcast(SPECIES, a[left + k]);
      c0 = x.fma(FloatVector.fromArray(SPECIES, b, p + k * THREE), c0);
      c1 = x.fma(FloatVector.fromArray(SPECIES, b, p + COUNT + k * THREE), c1);
      c2 = x.fma(FloatVector.fromArray(SPECIES, b, p + 2 * COUNT + k * THREE), c2);
      c3 = x.fma(FloatVector.fromArray(SPECIES, b, q + k * THREE), c3);
      c4 = x.fma(FloatVector.fromArray(SPECIES, b, q + COUNT + k * THREE), c4);
      c5 = x.fma(FloatVector.fromArray(SPECIES, b, q + 2 * COUNT + k * THREE), c5);
      c6 = x.fma(FloatVector.fromArray(SPECIES, b, r + k * THREE), c6);
      c7 = x.fma(FloatVector.fromArray(SPECIES, b, r + COUNT + k * THREE), c7);
      c8 = x.fma(FloatVector.fromArray(SPECIES, b, r + 2 * COUNT + k * THREE), c8);
    }
    float[] c = row.target();
    TYPE.cast(c0).intoArray(c, at);
    TYPE.cast(c1).intoArray(c, at + COUNT);
    TYPE.cast(c2).intoArray(c, at + 2 * COUNT);
    TYPE.cast(c3).intoArray(c, at + 3 * COUNT);
    TYPE.cast(c4).intoArray(c, at + 4 * COUNT);
    TYPE.cast(c5).intoArray(c, at + 5 * COUNT);
    TYPE.cast(c6).intoArray(c, at + 6 * COUNT);
    TYPE.cast(c7).intoArray(c, at + 7 * COUNT);
    TYPE.cast(c8).intoArray(c, at + 8 * COUNT);
  }

  private static void fourByTwo(Row row, int from, int at) {
    float[] s = row.source();
    int apart = row.sourceStride();
    var c0 = FloatVector.fromArray(SPECIES, s, from);
    var c1 = FloatVector.fromArray(SPECIES, s, from + COUNT);
    var c2 = FloatVector.fromArray(SPECIES, s, from + apart);
    var c3 = FloatVector.fromArray(SPECIES, s, from + apart + COUNT);
    var c4 = FloatVector.fromArray(SPECIES, s, from + 2 * apart);
    var c5 = FloatVector.fromArray(SPECIES, s, from + 2 * apart + COUNT);
    var c6 = FloatVector.fromArray(SPECIES, s, from + 3 * apart);
    var c7 = FloatVector.fromArray(SPECIES, s, from + 3 * apart + COUNT);
    float[] a = row.left();
    int left = row.offset();
    float[] b = row.panels();
    int p = row.panel();
    int q = p + row.panelStride();
    int r = q + row.panelStride();
    int t = r + row.panelStride();
    int depth = row.depth();
    for (int k = 0; k < depth; k++) {
      var x = FloatVector.broadcast(SPECIES, a[left + k]);
      c0 = x.fma(FloatVector.fromArray(SPECIES, b, p + k * WIDTH), c0);
      c1 = x.fma(FloatVector.fromArray(SPECIES, b, p + COUNT + k * WIDTH), c1);
      c2 = x.fma(FloatVector.fromArray(SPECIES, b, q + k * WIDTH), c2);
      c3 = x.fma(FloatVector.fromArray(SPECIES, b, q + COUNT + k * WIDTH), c3);
      c4 = x.fma(FloatVector.fromArray(SPECIES, b, r + k * WIDTH), c4);
      c5 = x.fma(FloatVector.fromArray(SPECIES, b, r + COUNT + k * WIDTH), c5);
      c6 = x.fma(FloatVector.fromArray(SPECIES, b, t + k * WIDTH), c6);
      c7 = x.fma(FloatVector.fromArray(SPECIES, b, t + COUNT + k * WIDTH), c7);
    }
    float[] c = row.target();
    TYPE.cast(c0).intoArray(c, at);
    TYPE.cast(c1).intoArray(c, at + COUNT);
    TYPE.cast(c2).intoArray(c, at + 2 * COUNT);
    TYPE.cast(c3).intoArray(c, at + 3 * COUNT);
    TYPE.cast(c4).intoArray(c, at + 4 * COUNT);
    TYPE.cast(c5).intoArray(c, at + 5 * COUNT);
    TYPE.cast(c6).intoArray(c, at + 6 * COUNT);
    TYPE.cast(c7).intoArray(c, at + 7 * COUNT);
  }
}
