package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;
import static dev.unroll.kernel.Lanes.TYPE;
import static dev.unroll.kernel.Tile.ROW_STRIDE;

import jdk.incubator.vector.FloatVector;

/**
 * The tiles of {@link VectorRowTiles} with three of something: panels of three vectors, which take
 * what does not fill panels of four (200 columns are 4 + 3 + 3 + 3 vectors of 16; of the last
 * vector only some columns may exist), and three rows of a panel of four.
 */
final class VectorRowTriples {

  private VectorRowTriples() {}

  /** Computes some of {@code rows} rows of a panel of three vectors and returns how many. */
  static int some(Tile tile, int left, int from, int at, int rows) {
    if (rows >= 6) {
      sixRows(tile, left, from, at);
      return 6;
    }
    if (rows == 3 || rows == 5) {
      threeRows(tile, left, from, at);
      return 3;
    }
    if (rows >= 2) {
      twoRows(tile, left, from, at);
      return 2;
    }
    oneRow(tile, left, from, at);
    return 1;
  }

  private static void sixRows(Tile tile, int left, int from, int at) {
    float[] a = tile.left();
    float[] b = tile.panels();
    int right = tile.panel();
    float[] s = tile.source();
    int down = tile.sourceStride();
    var c00 = FloatVector.fromArray(SPECIES, s, from);
    var c01 = FloatVector.fromArray(SPECIES, s, from + COUNT);
    var c02 = FloatVector.fromArray(SPECIES, s, from + 2 * COUNT);
    var c10 = FloatVector.fromArray(SPECIES, s, from + down);
    var c11 = FloatVector.fromArray(SPECIES, s, from + down + COUNT);
    var c12 = FloatVector.fromArray(SPECIES, s, from + down + 2 * COUNT);
    var c20 = FloatVector.fromArray(SPECIES, s, from + 2 * down);
    var c21 = FloatVector.fromArray(SPECIES, s, from + 2 * down + COUNT);
    var c22 = FloatVector.fromArray(SPECIES, s, from + 2 * down + 2 * COUNT);
    var c30 = FloatVector.fromArray(SPECIES, s, from + 3 * down);
    var c31 = FloatVector.fromArray(SPECIES, s, from + 3 * down + COUNT);
    var c32 = FloatVector.fromArray(SPECIES, s, from + 3 * down + 2 * COUNT);
    var c40 = FloatVector.fromArray(SPECIES, s, from + 4 * down);
    var c41 = FloatVector.fromArray(SPECIES, s, from + 4 * down + COUNT);
    var c42 = FloatVector.fromArray(SPECIES, s, from + 4 * down + 2 * COUNT);
    var c50 = FloatVector.fromArray(SPECIES, s, from + 5 * down);
    var c51 = FloatVector.fromArray(SPECIES, s, from + 5 * down + COUNT);
    var c52 = FloatVector.fromArray(SPECIES, s, from + 5 * down + 2 * COUNT);
    int depth = tile.depth();
    for (int k = 0; k < depth; k++) {
      var b0 = FloatVector.fromArray(SPECIES, b, right + k * (3 * COUNT));
      var b1 = FloatVector.fromArray(SPECIES, b, right + COUNT + k * (3 * COUNT));
      var b2 = FloatVector.fromArray(SPECIES, b, right + 2 * COUNT + k * (3 * COUNT));
      var a0 = FloatVector.broadcast(SPECIES, a[left + k]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      var a1 = FloatVector.broadcast(SPECIES, a[left + ROW_STRIDE + k]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      var a2 = FloatVector.broadcast(SPECIES, a[left + 2 * ROW_STRIDE + k]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      var a3 = FloatVector.broadcast(SPECIES, a[left + 3 * ROW_STRIDE + k]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      var a4 = FloatVector.broadcast(SPECIES, a[left + 4 * ROW_STRIDE + k]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      c42 = a4.fma(b2, c42);
      var a5 = FloatVector.broadcast(SPECIES, a[left + 5 * ROW_STRIDE + k]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      c52 = a5.fma(b2, c52);
    }
    float[] c = tile.target();
    int stride = tile.targetStride();
    TYPE.cast(c00).intoArray(c, at);
    TYPE.cast(c01).intoArray(c, at + COUNT);
    TYPE.cast(c02).intoArray(c, at + 2 * COUNT);
    TYPE.cast(c10).intoArray(c, at + stride);
    TYPE.cast(c11).intoArray(c, at + stride + COUNT);
    TYPE.cast(c12).intoArray(c, at + stride + 2 * COUNT);
    TYPE.cast(c20).intoArray(c, at + 2 * stride);
    TYPE.cast(c21).intoArray(c, at + 2 * stride + COUNT);
    TYPE.cast(c22).intoArray(c, at + 2 * stride + 2 * COUNT);
    TYPE.cast(c30).intoArray(c, at + 3 * stride);
    TYPE.cast(c31).intoArray(c, at + 3 * stride + COUNT);
    TYPE.cast(c32).intoArray(c, at + 3 * stride + 2 * COUNT);
    TYPE.cast(c40).intoArray(c, at + 4 * stride);
    TYPE.cast(c41).intoArray(c, at + 4 * stride + COUNT);
    TYPE.cast(c42).intoArray(c, at + 4 * stride + 2 * COUNT);
    TYPE.cast(c50).intoArray(c, at + 5 * stride);
    TYPE.cast(c51).intoArray(c, at + 5 * stride + COUNT);
    TYPE.cast(c52).intoArray(c, at + 5 * stride + 2 * COUNT);
  }

  /** 3 rows × 3 vectors: 9 sums in registers. */
  private static void threeRows(Tile tile, int left, int from, int at) {
    float[] a = tile.left();
    float[] b = tile.panels();
    int right = tile.panel();
    float[] s = tile.source();
    int down = tile.sourceStride();
    var c00 = FloatVector.fromArray(SPECIES, s, from);
    var c01 = FloatVector.fromArray(SPECIES, s, from + COUNT);
    var c02 = FloatVector.fromArray(SPECIES, s, from + 2 * COUNT);
    var c10 = FloatVector.fromArray(SPECIES, s, from + down);
    var c11 = FloatVector.fromArray(SPECIES, s, from + down + COUNT);
    var c12 = FloatVector.fromArray(SPECIES, s, from + down + 2 * COUNT);
    var c20 = FloatVector.fromArray(SPECIES, s, from + 2 * down);
    var c21 = FloatVector.fromArray(SPECIES, s, from + 2 * down + COUNT);
    var c22 = FloatVector.fromArray(SPECIES, s, from + 2 * down + 2 * COUNT);
    int depth = tile.depth();
    for (int k = 0; k < depth; k++) {
      var b0 = FloatVector.fromArray(SPECIES, b, right + k * (3 * COUNT));
      var b1 = FloatVector.fromArray(SPECIES, b, right + COUNT + k * (3 * COUNT));
      var b2 = FloatVector.fromArray(SPECIES, b, right + 2 * COUNT + k * (3 * COUNT));
      var a0 = FloatVector.broadcast(SPECIES, a[left + k]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      var a1 = FloatVector.broadcast(SPECIES, a[left + ROW_STRIDE + k]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      var a2 = FloatVector.broadcast(SPECIES, a[left + 2 * ROW_STRIDE + k]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
    }
    float[] c = tile.target();
    int stride = tile.targetStride();
    TYPE.cast(c00).intoArray(c, at);
    TYPE.cast(c01).intoArray(c, at + COUNT);
    TYPE.cast(c02).intoArray(c, at + 2 * COUNT);
    TYPE.cast(c10).intoArray(c, at + stride);
    TYPE.cast(c11).intoArray(c, at + stride + COUNT);
    TYPE.cast(c12).intoArray(c, at + stride + 2 * COUNT);
    TYPE.cast(c20).intoArray(c, at + 2 * stride);
    TYPE.cast(c21).intoArray(c, at + 2 * stride + COUNT);
    TYPE.cast(c22).intoArray(c, at + 2 * stride + 2 * COUNT);
  }

  /** 3 rows of a panel of four vectors: 12 sums in registers. */
  static void threeByFour(Tile tile, int left, int from, int at) {
    float[] a = tile.left();
    float[] b = tile.panels();
    int right = tile.panel();
    float[] s = tile.source();
    int down = tile.sourceStride();
    var c00 = FloatVector.fromArray(SPECIES, s, from);
    var c01 = FloatVector.fromArray(SPECIES, s, from + COUNT);
    var c02 = FloatVector.fromArray(SPECIES, s, from + 2 * COUNT);
    var c03 = FloatVector.fromArray(SPECIES, s, from + 3 * COUNT);
    var c10 = FloatVector.fromArray(SPECIES, s, from + down);
    var c11 = FloatVector.fromArray(SPECIES, s, from + down + COUNT);
    var c12 = FloatVector.fromArray(SPECIES, s, from + down + 2 * COUNT);
    var c13 = FloatVector.fromArray(SPECIES, s, from + down + 3 * COUNT);
    var c20 = FloatVector.fromArray(SPECIES, s, from + 2 * down);
    var c21 = FloatVector.fromArray(SPECIES, s, from + 2 * down + COUNT);
    var c22 = FloatVector.fromArray(SPECIES, s, from + 2 * down + 2 * COUNT);
    var c23 = FloatVector.fromArray(SPECIES, s, from + 2 * down + 3 * COUNT);
    int depth = tile.depth();
    for (int k = 0; k < depth; k++) {
      var b0 = FloatVector.fromArray(SPECIES, b, right + k * (4 * COUNT));
      var b1 = FloatVector.fromArray(SPECIES, b, right + COUNT + k * (4 * COUNT));
      var b2 = FloatVector.fromArray(SPECIES, b, right + 2 * COUNT + k * (4 * COUNT));
      var b3 = FloatVector.fromArray(SPECIES, b, right + 3 * COUNT + k * (4 * COUNT));
      var a0 = FloatVector.broadcast(SPECIES, a[left + k]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      c03 = a0.fma(b3, c03);
      var a1 = FloatVector.broadcast(SPECIES, a[left + ROW_STRIDE + k]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
      c13 = a1.fma(b3, c13);
      var a2 = FloatVector.broadcast(SPECIES, a[left + 2 * ROW_STRIDE + k]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      c22 = a2.fma(b2, c22);
      c23 = a2.fma(b3, c23);
    }
    float[] c = tile.target();
    int stride = tile.targetStride();
    TYPE.cast(c00).intoArray(c, at);
    TYPE.cast(c01).intoArray(c, at + COUNT);
    TYPE.cast(c02).intoArray(c, at + 2 * COUNT);
    TYPE.cast(c03).intoArray(c, at + 3 * COUNT);
    TYPE.cast(c10).intoArray(c, at + stride);
    TYPE.cast(c11).intoArray(c, at + stride + COUNT);
    TYPE.cast(c12).intoArray(c, at + stride + 2 * COUNT);
    TYPE.cast(c13).intoArray(c, at + stride + 3 * COUNT);
    TYPE.cast(c20).intoArray(c, at + 2 * stride);
    TYPE.cast(c21).intoArray(c, at + 2 * stride + COUNT);
    TYPE.cast(c22).intoArray(c, at + 2 * stride + 2 * COUNT);
    TYPE.cast(c23).intoArray(c, at + 2 * stride + 3 * COUNT);
  }

  private static void twoRows(Tile tile, int left, int from, int at) {
    float[] a = tile.left();
    float[] b = tile.panels();
    int right = tile.panel();
    float[] s = tile.source();
    int down = tile.sourceStride();
    var c00 = FloatVector.fromArray(SPECIES, s, from);
    var c01 = FloatVector.fromArray(SPECIES, s, from + COUNT);
    var c02 = FloatVector.fromArray(SPECIES, s, from + 2 * COUNT);
    var c10 = FloatVector.fromArray(SPECIES, s, from + down);
    var c11 = FloatVector.fromArray(SPECIES, s, from + down + COUNT);
    var c12 = FloatVector.fromArray(SPECIES, s, from + down + 2 * COUNT);
    int depth = tile.depth();
    for (int k = 0; k < depth; k++) {
      var b0 = FloatVector.fromArray(SPECIES, b, right + k * (3 * COUNT));
      var b1 = FloatVector.fromArray(SPECIES, b, right + COUNT + k * (3 * COUNT));
      var b2 = FloatVector.fromArray(SPECIES, b, right + 2 * COUNT + k * (3 * COUNT));
      var a0 = FloatVector.broadcast(SPECIES, a[left + k]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
      var a1 = FloatVector.broadcast(SPECIES, a[left + ROW_STRIDE + k]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      c12 = a1.fma(b2, c12);
    }
    float[] c = tile.target();
    int stride = tile.targetStride();
    TYPE.cast(c00).intoArray(c, at);
    TYPE.cast(c01).intoArray(c, at + COUNT);
    TYPE.cast(c02).intoArray(c, at + 2 * COUNT);
    TYPE.cast(c10).intoArray(c, at + stride);
    TYPE.cast(c11).intoArray(c, at + stride + COUNT);
    TYPE.cast(c12).intoArray(c, at + stride + 2 * COUNT);
  }

  private static void oneRow(Tile tile, int left, int from, int at) {
    float[] a = tile.left();
    float[] b = tile.panels();
    int right = tile.panel();
    float[] s = tile.source();
    var c00 = FloatVector.fromArray(SPECIES, s, from);
    var c01 = FloatVector.fromArray(SPECIES, s, from + COUNT);
    var c02 = FloatVector.fromArray(SPECIES, s, from + 2 * COUNT);
    int depth = tile.depth();
    for (int k = 0; k < depth; k++) {
      var b0 = FloatVector.fromArray(SPECIES, b, right + k * (3 * COUNT));
      var b1 = FloatVector.fromArray(SPECIES, b, right + COUNT + k * (3 * COUNT));
      var b2 = FloatVector.fromArray(SPECIES, b, right + 2 * COUNT + k * (3 * COUNT));
      var a0 = FloatVector.broadcast(SPECIES, a[left + k]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      c02 = a0.fma(b2, c02);
    }
    float[] c = tile.target();
    TYPE.cast(c00).intoArray(c, at);
    TYPE.cast(c01).intoArray(c, at + COUNT);
    TYPE.cast(c02).intoArray(c, at + 2 * COUNT);
  }
}
