package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;
import static dev.unroll.kernel.Lanes.TYPE;
import static dev.unroll.kernel.Tile.ROW_STRIDE;

import jdk.incubator.vector.FloatVector;

/**
 * Register-blocked inner loops of the product: rows of A, an element broadcast at a time, against
 * one panel of B. Element (i, k) of the left operand is {@code a[left + i·ROW_STRIDE + k]}.
 *
 * <p>6 × 4 vectors are 24 sums; with 4 vectors of B and one broadcast that is 29 of the 32
 * registers that come with 512-bit vectors. A step of k takes 4 loads and 6 broadcasts for 24
 * multiply-adds, so the multiply-add units are the bound: measured on Ice Lake, 151 to 161 of 160
 * GFLOP/s, where 8 × 2 gives 139 and 4 × 4, which the compiler unrolls and then spills, 115. With
 * 16 registers 6 × 2 does the same. The loops are written out because the compiler keeps only local
 * variables in registers.
 *
 * <p>The scalar twin is {@link ScalarTiles}.
 */
final class VectorRowTiles {

  private VectorRowTiles() {}

  /** Computes {@code rows} rows; A, source and target begin at the given indices. */
  static void multiply(Tile tile, int left, int from, int at, int rows) {
    int row = 0;
    while (row < rows) {
      int count =
          some(
              tile,
              left + row * ROW_STRIDE,
              from + row * tile.sourceStride(),
              at + row * tile.targetStride(),
              rows - row);
      row += count;
    }
  }

  /** Computes some of {@code rows} rows and returns how many. */
  private static int some(Tile tile, int left, int from, int at, int rows) {
    if (tile.width() == COUNT) {
      return slim(tile, left, from, at, rows);
    }
    if (tile.width() == 3 * COUNT) {
      return VectorRowTriples.some(tile, left, from, at, rows);
    }
    return Lanes.PANEL_VECTORS == 4
        ? wide(tile, left, from, at, rows)
        : narrow(tile, left, from, at, rows);
  }

  /** The same for a panel of one vector. */
  private static int slim(Tile tile, int left, int from, int at, int rows) {
    if (rows >= 6) {
      sixByOne(tile, left, from, at);
      return 6;
    }
    oneByOne(tile, left, from, at);
    return 1;
  }

  /** The same for a panel of four vectors. */
  private static int wide(Tile tile, int left, int from, int at, int rows) {
    // A tile of one row takes as long as one of two: in both, multiply-adds wait for each other.
    int count = rows == 7 || rows == 8 ? 4 : rows == 5 ? 3 : Math.min(rows, 6);
    switch (count) {
      case 6 -> sixByFour(tile, left, from, at);
      case 4 -> fourByFour(tile, left, from, at);
      case 3 -> VectorRowTriples.threeByFour(tile, left, from, at);
      case 2 -> twoByFour(tile, left, from, at);
      default -> oneByFour(tile, left, from, at);
    }
    return count;
  }

  /** The same for a panel of two vectors. */
  private static int narrow(Tile tile, int left, int from, int at, int rows) {
    if (rows >= 6) {
      sixByTwo(tile, left, from, at);
      return 6;
    }
    if (rows >= 2) {
      twoByTwo(tile, left, from, at);
      return 2;
    }
    oneByTwo(tile, left, from, at);
    return 1;
  }

  /** 6 rows × 4 vectors: 24 sums in registers. */
  private static void sixByFour(Tile tile, int left, int from, int at) {
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
    var c30 = FloatVector.fromArray(SPECIES, s, from + 3 * down);
    var c31 = FloatVector.fromArray(SPECIES, s, from + 3 * down + COUNT);
    var c32 = FloatVector.fromArray(SPECIES, s, from + 3 * down + 2 * COUNT);
    var c33 = FloatVector.fromArray(SPECIES, s, from + 3 * down + 3 * COUNT);
    var c40 = FloatVector.fromArray(SPECIES, s, from + 4 * down);
    var c41 = FloatVector.fromArray(SPECIES, s, from + 4 * down + COUNT);
    var c42 = FloatVector.fromArray(SPECIES, s, from + 4 * down + 2 * COUNT);
    var c43 = FloatVector.fromArray(SPECIES, s, from + 4 * down + 3 * COUNT);
    var c50 = FloatVector.fromArray(SPECIES, s, from + 5 * down);
    var c51 = FloatVector.fromArray(SPECIES, s, from + 5 * down + COUNT);
    var c52 = FloatVector.fromArray(SPECIES, s, from + 5 * down + 2 * COUNT);
    var c53 = FloatVector.fromArray(SPECIES, s, from + 5 * down + 3 * COUNT);
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
      var a3 = FloatVector.broadcast(SPECIES, a[left + 3 * ROW_STRIDE + k]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      c33 = a3.fma(b3, c33);
      var a4 = FloatVector.broadcast(SPECIES, a[left + 4 * ROW_STRIDE + k]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      c42 = a4.fma(b2, c42);
      c43 = a4.fma(b3, c43);
      var a5 = FloatVector.broadcast(SPECIES, a[left + 5 * ROW_STRIDE + k]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      c52 = a5.fma(b2, c52);
      c53 = a5.fma(b3, c53);
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
    TYPE.cast(c30).intoArray(c, at + 3 * stride);
    TYPE.cast(c31).intoArray(c, at + 3 * stride + COUNT);
    TYPE.cast(c32).intoArray(c, at + 3 * stride + 2 * COUNT);
    TYPE.cast(c33).intoArray(c, at + 3 * stride + 3 * COUNT);
    TYPE.cast(c40).intoArray(c, at + 4 * stride);
    TYPE.cast(c41).intoArray(c, at + 4 * stride + COUNT);
    TYPE.cast(c42).intoArray(c, at + 4 * stride + 2 * COUNT);
    TYPE.cast(c43).intoArray(c, at + 4 * stride + 3 * COUNT);
    TYPE.cast(c50).intoArray(c, at + 5 * stride);
    TYPE.cast(c51).intoArray(c, at + 5 * stride + COUNT);
    TYPE.cast(c52).intoArray(c, at + 5 * stride + 2 * COUNT);
    TYPE.cast(c53).intoArray(c, at + 5 * stride + 3 * COUNT);
  }

  /** 4 rows × 4 vectors: 16 sums in registers. */
  private static void fourByFour(Tile tile, int left, int from, int at) {
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
    var c30 = FloatVector.fromArray(SPECIES, s, from + 3 * down);
    var c31 = FloatVector.fromArray(SPECIES, s, from + 3 * down + COUNT);
    var c32 = FloatVector.fromArray(SPECIES, s, from + 3 * down + 2 * COUNT);
    var c33 = FloatVector.fromArray(SPECIES, s, from + 3 * down + 3 * COUNT);
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
      var a3 = FloatVector.broadcast(SPECIES, a[left + 3 * ROW_STRIDE + k]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      c32 = a3.fma(b2, c32);
      c33 = a3.fma(b3, c33);
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
    TYPE.cast(c30).intoArray(c, at + 3 * stride);
    TYPE.cast(c31).intoArray(c, at + 3 * stride + COUNT);
    TYPE.cast(c32).intoArray(c, at + 3 * stride + 2 * COUNT);
    TYPE.cast(c33).intoArray(c, at + 3 * stride + 3 * COUNT);
  }

  /** 2 rows × 4 vectors: 8 sums in registers. */
  private static void twoByFour(Tile tile, int left, int from, int at) {
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
  }

  /** 1 row × 4 vectors: 4 sums in registers. */
  private static void oneByFour(Tile tile, int left, int from, int at) {
    float[] a = tile.left();
    float[] b = tile.panels();
    int right = tile.panel();
    float[] s = tile.source();
    var c00 = FloatVector.fromArray(SPECIES, s, from);
    var c01 = FloatVector.fromArray(SPECIES, s, from + COUNT);
    var c02 = FloatVector.fromArray(SPECIES, s, from + 2 * COUNT);
    var c03 = FloatVector.fromArray(SPECIES, s, from + 3 * COUNT);
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
    }
    float[] c = tile.target();
    TYPE.cast(c00).intoArray(c, at);
    TYPE.cast(c01).intoArray(c, at + COUNT);
    TYPE.cast(c02).intoArray(c, at + 2 * COUNT);
    TYPE.cast(c03).intoArray(c, at + 3 * COUNT);
  }

  /** 6 rows × 2 vectors: 12 sums in registers. */
  private static void sixByTwo(Tile tile, int left, int from, int at) {
    float[] a = tile.left();
    float[] b = tile.panels();
    int right = tile.panel();
    float[] s = tile.source();
    int down = tile.sourceStride();
    var c00 = FloatVector.fromArray(SPECIES, s, from);
    var c01 = FloatVector.fromArray(SPECIES, s, from + COUNT);
    var c10 = FloatVector.fromArray(SPECIES, s, from + down);
    var c11 = FloatVector.fromArray(SPECIES, s, from + down + COUNT);
    var c20 = FloatVector.fromArray(SPECIES, s, from + 2 * down);
    var c21 = FloatVector.fromArray(SPECIES, s, from + 2 * down + COUNT);
    var c30 = FloatVector.fromArray(SPECIES, s, from + 3 * down);
    var c31 = FloatVector.fromArray(SPECIES, s, from + 3 * down + COUNT);
    var c40 = FloatVector.fromArray(SPECIES, s, from + 4 * down);
    var c41 = FloatVector.fromArray(SPECIES, s, from + 4 * down + COUNT);
    var c50 = FloatVector.fromArray(SPECIES, s, from + 5 * down);
    var c51 = FloatVector.fromArray(SPECIES, s, from + 5 * down + COUNT);
    int depth = tile.depth();
    for (int k = 0; k < depth; k++) {
      var b0 = FloatVector.fromArray(SPECIES, b, right + k * (2 * COUNT));
      var b1 = FloatVector.fromArray(SPECIES, b, right + COUNT + k * (2 * COUNT));
      var a0 = FloatVector.broadcast(SPECIES, a[left + k]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      var a1 = FloatVector.broadcast(SPECIES, a[left + ROW_STRIDE + k]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      var a2 = FloatVector.broadcast(SPECIES, a[left + 2 * ROW_STRIDE + k]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      var a3 = FloatVector.broadcast(SPECIES, a[left + 3 * ROW_STRIDE + k]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      var a4 = FloatVector.broadcast(SPECIES, a[left + 4 * ROW_STRIDE + k]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      var a5 = FloatVector.broadcast(SPECIES, a[left + 5 * ROW_STRIDE + k]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
    }
    float[] c = tile.target();
    int stride = tile.targetStride();
    TYPE.cast(c00).intoArray(c, at);
    TYPE.cast(c01).intoArray(c, at + COUNT);
    TYPE.cast(c10).intoArray(c, at + stride);
    TYPE.cast(c11).intoArray(c, at + stride + COUNT);
    TYPE.cast(c20).intoArray(c, at + 2 * stride);
    TYPE.cast(c21).intoArray(c, at + 2 * stride + COUNT);
    TYPE.cast(c30).intoArray(c, at + 3 * stride);
    TYPE.cast(c31).intoArray(c, at + 3 * stride + COUNT);
    TYPE.cast(c40).intoArray(c, at + 4 * stride);
    TYPE.cast(c41).intoArray(c, at + 4 * stride + COUNT);
    TYPE.cast(c50).intoArray(c, at + 5 * stride);
    TYPE.cast(c51).intoArray(c, at + 5 * stride + COUNT);
  }

  /** 2 rows × 2 vectors: 4 sums in registers. */
  private static void twoByTwo(Tile tile, int left, int from, int at) {
    float[] a = tile.left();
    float[] b = tile.panels();
    int right = tile.panel();
    float[] s = tile.source();
    int down = tile.sourceStride();
    var c00 = FloatVector.fromArray(SPECIES, s, from);
    var c01 = FloatVector.fromArray(SPECIES, s, from + COUNT);
    var c10 = FloatVector.fromArray(SPECIES, s, from + down);
    var c11 = FloatVector.fromArray(SPECIES, s, from + down + COUNT);
    int depth = tile.depth();
    for (int k = 0; k < depth; k++) {
      var b0 = FloatVector.fromArray(SPECIES, b, right + k * (2 * COUNT));
      var b1 = FloatVector.fromArray(SPECIES, b, right + COUNT + k * (2 * COUNT));
      var a0 = FloatVector.broadcast(SPECIES, a[left + k]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      var a1 = FloatVector.broadcast(SPECIES, a[left + ROW_STRIDE + k]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
    }
    float[] c = tile.target();
    int stride = tile.targetStride();
    TYPE.cast(c00).intoArray(c, at);
    TYPE.cast(c01).intoArray(c, at + COUNT);
    TYPE.cast(c10).intoArray(c, at + stride);
    TYPE.cast(c11).intoArray(c, at + stride + COUNT);
  }

  /** 1 row × 2 vectors: 2 sums in registers. */
  private static void oneByTwo(Tile tile, int left, int from, int at) {
    float[] a = tile.left();
    float[] b = tile.panels();
    int right = tile.panel();
    float[] s = tile.source();
    var c00 = FloatVector.fromArray(SPECIES, s, from);
    var c01 = FloatVector.fromArray(SPECIES, s, from + COUNT);
    int depth = tile.depth();
    for (int k = 0; k < depth; k++) {
      var b0 = FloatVector.fromArray(SPECIES, b, right + k * (2 * COUNT));
      var b1 = FloatVector.fromArray(SPECIES, b, right + COUNT + k * (2 * COUNT));
      var a0 = FloatVector.broadcast(SPECIES, a[left + k]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
    }
    float[] c = tile.target();
    TYPE.cast(c00).intoArray(c, at);
    TYPE.cast(c01).intoArray(c, at + COUNT);
  }

  /** 6 rows × 1 vector: 6 sums in registers. */
  private static void sixByOne(Tile tile, int left, int from, int at) {
    float[] a = tile.left();
    float[] b = tile.panels();
    int right = tile.panel();
    float[] s = tile.source();
    int down = tile.sourceStride();
    var c00 = FloatVector.fromArray(SPECIES, s, from);
    var c10 = FloatVector.fromArray(SPECIES, s, from + down);
    var c20 = FloatVector.fromArray(SPECIES, s, from + 2 * down);
    var c30 = FloatVector.fromArray(SPECIES, s, from + 3 * down);
    var c40 = FloatVector.fromArray(SPECIES, s, from + 4 * down);
    var c50 = FloatVector.fromArray(SPECIES, s, from + 5 * down);
    int depth = tile.depth();
    for (int k = 0; k < depth; k++) {
      var b0 = FloatVector.fromArray(SPECIES, b, right + k * COUNT);
      var a0 = FloatVector.broadcast(SPECIES, a[left + k]);
      c00 = a0.fma(b0, c00);
      var a1 = FloatVector.broadcast(SPECIES, a[left + ROW_STRIDE + k]);
      c10 = a1.fma(b0, c10);
      var a2 = FloatVector.broadcast(SPECIES, a[left + 2 * ROW_STRIDE + k]);
      c20 = a2.fma(b0, c20);
      var a3 = FloatVector.broadcast(SPECIES, a[left + 3 * ROW_STRIDE + k]);
      c30 = a3.fma(b0, c30);
      var a4 = FloatVector.broadcast(SPECIES, a[left + 4 * ROW_STRIDE + k]);
      c40 = a4.fma(b0, c40);
      var a5 = FloatVector.broadcast(SPECIES, a[left + 5 * ROW_STRIDE + k]);
      c50 = a5.fma(b0, c50);
    }
    float[] c = tile.target();
    int stride = tile.targetStride();
    TYPE.cast(c00).intoArray(c, at);
    TYPE.cast(c10).intoArray(c, at + stride);
    TYPE.cast(c20).intoArray(c, at + 2 * stride);
    TYPE.cast(c30).intoArray(c, at + 3 * stride);
    TYPE.cast(c40).intoArray(c, at + 4 * stride);
    TYPE.cast(c50).intoArray(c, at + 5 * stride);
  }

  /** 1 row × 1 vector: 1 sum in registers. */
  private static void oneByOne(Tile tile, int left, int from, int at) {
    float[] a = tile.left();
    float[] b = tile.panels();
    int right = tile.panel();
    float[] s = tile.source();
    var c00 = FloatVector.fromArray(SPECIES, s, from);
    int depth = tile.depth();
    for (int k = 0; k < depth; k++) {
      var b0 = FloatVector.fromArray(SPECIES, b, right + k * COUNT);
      var a0 = FloatVector.broadcast(SPECIES, a[left + k]);
      c00 = a0.fma(b0, c00);
    }
    float[] c = tile.target();
    TYPE.cast(c00).intoArray(c, at);
  }
}
