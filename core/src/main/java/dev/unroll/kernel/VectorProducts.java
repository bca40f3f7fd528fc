package dev.unroll.kernel;

import static dev.unroll.kernel.Lanes.COUNT;
import static dev.unroll.kernel.Lanes.SPECIES;
import static dev.unroll.kernel.PackedMatrix.WIDTH;

import dev.unroll.kernel.Products.Tile;
import jdk.incubator.vector.FloatVector;

/**
 * Register-blocked inner loops of the product: rows of A, an element broadcast at a time, against
 * one panel of B, two vectors wide. Measured on one thread of a CPU with two 512-bit multiply-add
 * units (Zen 5), 8 × 2 runs at 225 to 238 GFLOP/s for K = 128 … 512 and 4 × 2 at 165 to 195; with
 * 256-bit vectors and 16 registers 8 × 2 would spill, so 4 × 2 is used there.
 *
 * <p>The loops are written out because the compiler keeps only local variables in registers. The
 * scalar twin is {@link ScalarProducts}.
 */
final class VectorProducts {

  /** 512-bit vectors come with 32 registers; below, count on 16. */
  private static final boolean MANY_REGISTERS = SPECIES.vectorBitSize() >= 512;

  private VectorProducts() {}

  /** Multiplies {@code rows} rows of A, from index {@code left} on, with one panel. */
  static void run(Tile tile, int left, int rows) {
    int at = tile.target().offset();
    int stride = tile.target().stride();
    int row = 0;
    for (; MANY_REGISTERS && row + 8 <= rows; row += 8) {
      eight(tile, left + row * tile.rowStride(), at + row * stride);
    }
    for (; row + 4 <= rows; row += 4) {
      four(tile, left + row * tile.rowStride(), at + row * stride);
    }
    for (; row + 2 <= rows; row += 2) {
      two(tile, left + row * tile.rowStride(), at + row * stride);
    }
    for (; row < rows; row++) {
      one(tile, left + row * tile.rowStride(), at + row * stride);
    }
  }

  /** 8 rows × 2 vectors: 16 sums in registers. */
  private static void eight(Tile tile, int left, int at) {
    float[] a = tile.a();
    float[] b = tile.panel();
    float[] c = tile.target().data();
    int stride = tile.target().stride();
    int right = tile.right();
    int step = tile.columnStride();
    boolean onto = tile.onto();
    int left1 = left + tile.rowStride();
    int left2 = left1 + tile.rowStride();
    int left3 = left2 + tile.rowStride();
    int left4 = left3 + tile.rowStride();
    int left5 = left4 + tile.rowStride();
    int left6 = left5 + tile.rowStride();
    int left7 = left6 + tile.rowStride();
    int at1 = at + stride;
    int at2 = at1 + stride;
    int at3 = at2 + stride;
    int at4 = at3 + stride;
    int at5 = at4 + stride;
    int at6 = at5 + stride;
    int at7 = at6 + stride;
    var c00 = start(onto, c, at);
    var c01 = start(onto, c, at + COUNT);
    var c10 = start(onto, c, at1);
    var c11 = start(onto, c, at1 + COUNT);
    var c20 = start(onto, c, at2);
    var c21 = start(onto, c, at2 + COUNT);
    var c30 = start(onto, c, at3);
    var c31 = start(onto, c, at3 + COUNT);
    var c40 = start(onto, c, at4);
    var c41 = start(onto, c, at4 + COUNT);
    var c50 = start(onto, c, at5);
    var c51 = start(onto, c, at5 + COUNT);
    var c60 = start(onto, c, at6);
    var c61 = start(onto, c, at6 + COUNT);
    var c70 = start(onto, c, at7);
    var c71 = start(onto, c, at7 + COUNT);
    int depth = tile.depth();
    for (int k = 0; k < depth; k++) {
      var b0 = FloatVector.fromArray(SPECIES, b, right + k * WIDTH);
      var b1 = FloatVector.fromArray(SPECIES, b, right + k * WIDTH + COUNT);
      var a0 = FloatVector.broadcast(SPECIES, a[left + k * step]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      var a1 = FloatVector.broadcast(SPECIES, a[left1 + k * step]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      var a2 = FloatVector.broadcast(SPECIES, a[left2 + k * step]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      var a3 = FloatVector.broadcast(SPECIES, a[left3 + k * step]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      var a4 = FloatVector.broadcast(SPECIES, a[left4 + k * step]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      var a5 = FloatVector.broadcast(SPECIES, a[left5 + k * step]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      var a6 = FloatVector.broadcast(SPECIES, a[left6 + k * step]);
      c60 = a6.fma(b0, c60);
      c61 = a6.fma(b1, c61);
      var a7 = FloatVector.broadcast(SPECIES, a[left7 + k * step]);
      c70 = a7.fma(b0, c70);
      c71 = a7.fma(b1, c71);
    }
    c00.intoArray(c, at);
    c01.intoArray(c, at + COUNT);
    c10.intoArray(c, at1);
    c11.intoArray(c, at1 + COUNT);
    c20.intoArray(c, at2);
    c21.intoArray(c, at2 + COUNT);
    c30.intoArray(c, at3);
    c31.intoArray(c, at3 + COUNT);
    c40.intoArray(c, at4);
    c41.intoArray(c, at4 + COUNT);
    c50.intoArray(c, at5);
    c51.intoArray(c, at5 + COUNT);
    c60.intoArray(c, at6);
    c61.intoArray(c, at6 + COUNT);
    c70.intoArray(c, at7);
    c71.intoArray(c, at7 + COUNT);
  }

  /** 4 rows × 2 vectors: 8 sums in registers. */
  private static void four(Tile tile, int left, int at) {
    float[] a = tile.a();
    float[] b = tile.panel();
    float[] c = tile.target().data();
    int stride = tile.target().stride();
    int right = tile.right();
    int step = tile.columnStride();
    boolean onto = tile.onto();
    int left1 = left + tile.rowStride();
    int left2 = left1 + tile.rowStride();
    int left3 = left2 + tile.rowStride();
    int at1 = at + stride;
    int at2 = at1 + stride;
    int at3 = at2 + stride;
    var c00 = start(onto, c, at);
    var c01 = start(onto, c, at + COUNT);
    var c10 = start(onto, c, at1);
    var c11 = start(onto, c, at1 + COUNT);
    var c20 = start(onto, c, at2);
    var c21 = start(onto, c, at2 + COUNT);
    var c30 = start(onto, c, at3);
    var c31 = start(onto, c, at3 + COUNT);
    int depth = tile.depth();
    for (int k = 0; k < depth; k++) {
      var b0 = FloatVector.fromArray(SPECIES, b, right + k * WIDTH);
      var b1 = FloatVector.fromArray(SPECIES, b, right + k * WIDTH + COUNT);
      var a0 = FloatVector.broadcast(SPECIES, a[left + k * step]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      var a1 = FloatVector.broadcast(SPECIES, a[left1 + k * step]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      var a2 = FloatVector.broadcast(SPECIES, a[left2 + k * step]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      var a3 = FloatVector.broadcast(SPECIES, a[left3 + k * step]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
    }
    c00.intoArray(c, at);
    c01.intoArray(c, at + COUNT);
    c10.intoArray(c, at1);
    c11.intoArray(c, at1 + COUNT);
    c20.intoArray(c, at2);
    c21.intoArray(c, at2 + COUNT);
    c30.intoArray(c, at3);
    c31.intoArray(c, at3 + COUNT);
  }

  /** 2 rows × 2 vectors: 4 sums in registers. */
  private static void two(Tile tile, int left, int at) {
    float[] a = tile.a();
    float[] b = tile.panel();
    float[] c = tile.target().data();
    int stride = tile.target().stride();
    int right = tile.right();
    int step = tile.columnStride();
    boolean onto = tile.onto();
    int left1 = left + tile.rowStride();
    int at1 = at + stride;
    var c00 = start(onto, c, at);
    var c01 = start(onto, c, at + COUNT);
    var c10 = start(onto, c, at1);
    var c11 = start(onto, c, at1 + COUNT);
    int depth = tile.depth();
    for (int k = 0; k < depth; k++) {
      var b0 = FloatVector.fromArray(SPECIES, b, right + k * WIDTH);
      var b1 = FloatVector.fromArray(SPECIES, b, right + k * WIDTH + COUNT);
      var a0 = FloatVector.broadcast(SPECIES, a[left + k * step]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      var a1 = FloatVector.broadcast(SPECIES, a[left1 + k * step]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
    }
    c00.intoArray(c, at);
    c01.intoArray(c, at + COUNT);
    c10.intoArray(c, at1);
    c11.intoArray(c, at1 + COUNT);
  }

  /** 1 row × 2 vectors: 2 sums in registers. */
  private static void one(Tile tile, int left, int at) {
    float[] a = tile.a();
    float[] b = tile.panel();
    float[] c = tile.target().data();
    int right = tile.right();
    int step = tile.columnStride();
    boolean onto = tile.onto();
    var c00 = start(onto, c, at);
    var c01 = start(onto, c, at + COUNT);
    int depth = tile.depth();
    for (int k = 0; k < depth; k++) {
      var b0 = FloatVector.fromArray(SPECIES, b, right + k * WIDTH);
      var b1 = FloatVector.fromArray(SPECIES, b, right + k * WIDTH + COUNT);
      var a0 = FloatVector.broadcast(SPECIES, a[left + k * step]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
    }
    c00.intoArray(c, at);
    c01.intoArray(c, at + COUNT);
  }

  private static FloatVector start(boolean onto, float[] c, int at) {
    return onto ? FloatVector.fromArray(SPECIES, c, at) : FloatVector.zero(SPECIES);
  }
}
