package dev.unroll.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Each vector kernel against its scalar twin, by bits, at sizes around the width of a vector. */
class KernelTwinsTest {

  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.oneOf(
        Arbitraries.of(1, 2, 3, 4, 7, 8, 13, 15, 16, 17, 31, 32, 33, 64, 207, 1000),
        Arbitraries.integers().between(1, 300));
  }

  /** CI demands the vector kernels by name, so that these tests can never pass by skipping. */
  @Example
  void theDemandedKernelsRun() {
    String required = System.getProperty("unroll.kernel.required", "vector");
    assertThat(Kernels.kind()).as(Kernels.description()).isEqualTo(required);
  }

  static float[] numbers(int count, long seed) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 3);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (4 * random.gaussian(i));
      if (random.below(1_000_000 + i, 200) == 0) {
        values[i] = new float[] {0f, -0f, 1e-42f, 1e30f, -1e30f}[i % 5];
      }
    }
    return values;
  }

  @Property(tries = 600)
  void productTiles(
      @ForAll @IntRange(min = 1, max = 30) int rows,
      @ForAll @IntRange(min = 0, max = Tile.DEPTH) int depth,
      @ForAll boolean byColumns,
      @ForAll boolean fromOneRow,
      @ForAll @IntRange(min = 0, max = 2) int narrower,
      @ForAll long seed) {
    int unit = PackedMatrix.UNIT;
    int triple = PackedMatrix.WIDEST == 4 * unit ? 3 * unit : unit;
    int width = narrower == 0 ? PackedMatrix.WIDEST : narrower == 1 ? triple : unit;
    float[] a = numbers(Tile.leftSize(Tile.ROWS, true), seed);
    float[] panels = numbers(Tile.DEPTH * width + 3, seed + 1);
    float[] source = numbers(rows * 70 + 3, seed + 2);
    float[] fast = numbers(rows * 70 + 3, seed + 3);
    float[] slow = fast.clone();
    int down = fromOneRow ? 0 : 69;
    IntFunction<float[]> into = which -> which == 0 ? fast : slow;
    for (int which = 0; which < 2; which++) {
      var tile =
          new Tile(depth, a, byColumns, panels, 3, width, source, down, into.apply(which), 68);
      if (which == 1) {
        ScalarTiles.multiply(tile, 5, 2, 3, rows);
      } else if (byColumns) {
        VectorColumnTiles.multiply(tile, 5, 2, 3, rows);
      } else {
        VectorRowTiles.multiply(tile, 5, 2, 3, rows);
      }
    }
    assertSameBits(fast, slow);
  }

  @Property(tries = 300)
  void reductions(@ForAll("sizes") int count, @ForAll long seed) {
    float[] x = numbers(count + 5, seed);
    float[] y = numbers(count + 5, seed + 1);
    assertSame(Reductions.sum(x, 5, count), partials(count, (p, i) -> p + x[5 + i]));
    assertSame(
        Reductions.dot(x, 5, y, 3, count),
        partials(count, (p, i) -> Math.fma(x[5 + i], y[3 + i], p)));
    assertSame(
        Reductions.sumOfExp(x, 5, count, 2f),
        partials(count, (p, i) -> p + Functions.exp(x[5 + i] - 2f)));
    float[] z = x.clone();
    assertSame(
        Reductions.replaceByExp(z, 5, count, 2f),
        partials(count, (p, i) -> p + Functions.exp(x[5 + i] - 2f)));
    for (int i = 0; i < count; i++) {
      assertSame(z[5 + i], Functions.exp(x[5 + i] - 2f));
    }
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 5; i < count + 5; i++) {
      max = Math.max(max, x[i]);
    }
    assertThat(Reductions.max(x, 5, count)).isEqualTo(max);
  }

  interface Add {
    float add(float partial, int index);
  }

  /** The definition: sixteen partial sums, element i to partial i mod 16, added in a tree. */
  private static float partials(int count, Add add) {
    float[] partials = new float[16];
    for (int i = 0; i < count; i++) {
      partials[i % 16] = add.add(partials[i % 16], i);
    }
    for (int half = 8; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        partials[i] += partials[i + half];
      }
    }
    return partials[0];
  }

  @Example
  void normsOfAnySizeOnAnyNumberOfThreads() {
    float[] x = numbers(100_000, 8);
    double squares = 0;
    for (float value : x) {
      squares += Math.abs(value) < 1e10 ? (double) value * value : 0;
    }
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.abs(x[i]) < 1e10 ? x[i] : 0;
    }
    double expected = Reductions.norm(x, Workers.single());
    assertThat(expected)
        .isCloseTo(Math.sqrt(squares), org.assertj.core.api.Assertions.within(1e-3));
    try (var workers = new Workers(3)) {
      assertThat(Reductions.norm(x, workers)).isEqualTo(expected);
    }
    assertThat(Reductions.norm(new float[] {3e19f, 4e19f}, Workers.single()))
        .isCloseTo(5e19, org.assertj.core.api.Assertions.within(1e13));
    assertThat(Reductions.norm(new float[] {3e-23f, 4e-23f}, Workers.single()))
        .isCloseTo(5e-23, org.assertj.core.api.Assertions.within(1e-29));
    assertThat(Reductions.norm(new float[] {1f, Float.NaN}, Workers.single())).isNaN();
    assertThat(Reductions.norm(new float[5000], Workers.single())).isZero();
  }

  @Property(tries = 200)
  void rows(@ForAll("sizes") int count, @ForAll long seed) {
    float[] x = numbers(count + 4, seed);
    float[] y = numbers(count + 4, seed + 1);
    float[] added = y.clone();
    Rows.add(x, 1, added, 2, count);
    float[] scaled = y.clone();
    Rows.addScaled(0.3f, x, 1, scaled, 2, count);
    float[] products = y.clone();
    Rows.addProducts(x, 1, x, 3, products, 2, count);
    for (int i = 0; i < count; i++) {
      assertSame(added[2 + i], y[2 + i] + x[1 + i]);
      assertSame(scaled[2 + i], Math.fma(0.3f, x[1 + i], y[2 + i]));
      assertSame(products[2 + i], Math.fma(x[1 + i], x[3 + i], y[2 + i]));
    }
  }

  /** A step of a cell on the rows of some matrices; what it does not name it must not change. */
  private interface RowStep {
    void run(Matrix[] m, int row);
  }

  /** What the steps of all cells read and write, in this order. */
  private static final int GATES = 0;

  private static final int BEFORE = 1;
  private static final int NOW = 2;
  private static final int INNER = 3;
  private static final int OTHER = 4;
  private static final int MATRICES = 5;

  @Property(tries = 100)
  void lstmSteps(@ForAll("sizes") int units, @ForAll long seed) {
    compare(
        units,
        4,
        seed,
        (m, row) -> VectorLstmStep.memoryForward(m[GATES], m[BEFORE], m[NOW], row),
        (m, row) -> LstmStep.memoryForward(m[GATES], m[BEFORE], m[NOW], row));
    compare(
        units,
        4,
        seed,
        (m, row) -> VectorLstmStep.outputForward(m[GATES], m[BEFORE], m[INNER], m[NOW], row),
        (m, row) -> LstmStep.outputForward(m[GATES], m[BEFORE], m[INNER], m[NOW], row));
    compare( // with layer normalization, tanh is taken in place
        units,
        4,
        seed,
        (m, row) -> VectorLstmStep.outputForward(m[GATES], m[INNER], m[INNER], m[NOW], row),
        (m, row) -> LstmStep.outputForward(m[GATES], m[INNER], m[INNER], m[NOW], row));
    compare(
        units,
        4,
        seed,
        (m, row) ->
            LstmStep.outputBackward(
                VectorLstmStep.outputBackward(m[GATES], m[BEFORE], m[INNER], m[NOW], row),
                m[GATES],
                m[BEFORE],
                m[INNER],
                m[NOW],
                row),
        (m, row) -> LstmStep.outputBackward(0, m[GATES], m[BEFORE], m[INNER], m[NOW], row));
    compare(
        units,
        4,
        seed,
        (m, row) ->
            LstmStep.memoryBackward(
                VectorLstmStep.memoryBackward(m[GATES], m[BEFORE], m[NOW], row),
                m[GATES],
                m[BEFORE],
                m[NOW],
                row),
        (m, row) -> LstmStep.memoryBackward(0, m[GATES], m[BEFORE], m[NOW], row));
  }

  @Property(tries = 100)
  void gruSteps(@ForAll("sizes") int units, @ForAll long seed) {
    compare(
        units,
        3,
        seed,
        (m, row) -> VectorGruStep.resetBefore(m[GATES], m[BEFORE], m[INNER], row),
        (m, row) -> GruStep.resetBefore(m[GATES], m[BEFORE], m[INNER], row));
    compare(
        units,
        3,
        seed,
        (m, row) -> VectorGruStep.resetAfter(m[GATES], m[INNER], row),
        (m, row) -> GruStep.resetAfter(m[GATES], m[INNER], row));
    for (int gates = 2; gates <= 3; gates++) {
      compare(
          units,
          gates,
          seed,
          (m, row) -> VectorGruStep.blend(m[GATES], m[BEFORE], m[NOW], row),
          (m, row) -> GruStep.blend(m[GATES], m[BEFORE], m[NOW], row));
      compare(
          units,
          gates,
          seed,
          (m, row) ->
              GruStep.blendBackward(
                  VectorGruStep.blendBackward(m[GATES], m[BEFORE], m[OTHER], m[NOW], row),
                  m[GATES],
                  m[BEFORE],
                  m[OTHER],
                  m[NOW],
                  row),
          (m, row) -> GruStep.blendBackward(0, m[GATES], m[BEFORE], m[OTHER], m[NOW], row));
    }
    compare(
        units,
        3,
        seed,
        (m, row) ->
            GruStep.resetBeforeBackward(
                VectorGruStep.resetBeforeBackward(m[GATES], m[BEFORE], m[INNER], m[NOW], row),
                m[GATES],
                m[BEFORE],
                m[INNER],
                m[NOW],
                row),
        (m, row) -> GruStep.resetBeforeBackward(0, m[GATES], m[BEFORE], m[INNER], m[NOW], row));
    compare(
        units,
        3,
        seed,
        (m, row) ->
            GruStep.resetAfterBackward(
                VectorGruStep.resetAfterBackward(m[GATES], m[INNER], m[OTHER], row),
                m[GATES],
                m[INNER],
                m[OTHER],
                row),
        (m, row) -> GruStep.resetAfterBackward(0, m[GATES], m[INNER], m[OTHER], row));
  }

  @Property(tries = 100)
  void normsOfAFewRows(@ForAll @IntRange(min = 1, max = 500) int width, @ForAll long seed) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 4);
    float[] x = new float[5 + width * 40];
    float[] all = numbers(x.length, seed);
    var blocks = new BitSet();
    for (int row = 0; row < 40; row++) {
      if (random.below(row, 3) == 0) {
        int from = 5 + row * width;
        System.arraycopy(all, from, x, from, width);
        Reductions.markBlocks(blocks, from, from + width);
      }
    }
    try (var workers = new Workers(2)) {
      assertThat(Reductions.norm(x, blocks, workers)).isEqualTo(Reductions.norm(x, workers));
    }
  }

  @Property(tries = 100)
  void greatestOfRows(@ForAll("sizes") int width, @ForAll long seed) {
    Matrix x = Matrix.of(numbers(5 + 4 * width, seed), 5, 4, width);
    x.data()[5 + width / 2] = Float.NaN; // stays: nothing is greater
    float[] greatest = new float[2 * width + 3];
    int[] rows = new int[2 * width];
    System.arraycopy(x.data(), x.row(0), greatest, 3 + width, width);
    for (int row = 1; row < 4; row++) {
      Rows.keepGreater(x, row, Matrix.of(greatest, 3, 2, width), 1, rows);
    }
    for (int j = 0; j < width; j++) {
      int best = 0;
      for (int row = 1; row < 4; row++) {
        best = x.data()[x.row(row) + j] > x.data()[x.row(best) + j] ? row : best;
      }
      assertThat(rows[width + j]).isEqualTo(best);
      assertSame(greatest[3 + width + j], x.data()[x.row(best) + j]);
    }
  }

  @Property(tries = 100)
  void minimalSteps(@ForAll("sizes") int units, @ForAll long seed) {
    compare(
        units,
        2,
        seed,
        (m, row) -> {
          int done = VectorMinimalStep.gruBackward(m[GATES], m[BEFORE], m[INNER], m[NOW], row);
          MinimalStep.gruBackward(done, m[GATES], m[BEFORE], m[INNER], m[NOW], row);
        },
        (m, row) -> MinimalStep.gruBackward(0, m[GATES], m[BEFORE], m[INNER], m[NOW], row));
    compare(
        units,
        3,
        seed,
        (m, row) -> {
          int done = VectorMinimalStep.lstmMix(m[GATES], m[BEFORE], m[NOW], row);
          MinimalStep.lstmMix(done, m[GATES], m[BEFORE], m[NOW], row);
        },
        (m, row) -> MinimalStep.lstmMix(0, m[GATES], m[BEFORE], m[NOW], row));
    compare(
        units,
        3,
        seed,
        (m, row) -> {
          int done = VectorMinimalStep.lstmBackward(m[GATES], m[BEFORE], m[INNER], m[NOW], row);
          MinimalStep.lstmBackward(done, m[GATES], m[BEFORE], m[INNER], m[NOW], row);
        },
        (m, row) -> MinimalStep.lstmBackward(0, m[GATES], m[BEFORE], m[INNER], m[NOW], row));
  }

  private static void compare(int units, int gates, long seed, RowStep vector, RowStep scalar) {
    Matrix[] fast = matrices(units, gates, seed);
    Matrix[] slow = matrices(units, gates, seed);
    Matrix[] untouched = matrices(units, gates, seed);
    for (int row = 0; row < 2; row++) {
      vector.run(fast, row);
      scalar.run(slow, row);
    }
    boolean changed = false;
    for (int i = 0; i < MATRICES; i++) {
      assertSameBits(fast[i].data(), slow[i].data());
      changed |= !Arrays.equals(fast[i].data(), untouched[i].data());
    }
    assertThat(changed).isTrue();
  }

  /** Rows that lie apart and begin anywhere in their arrays, as those of a tape do. */
  private static Matrix[] matrices(int units, int gates, long seed) {
    var all = new Matrix[MATRICES];
    for (int i = 0; i < MATRICES; i++) {
      int width = i == GATES ? gates * units : units;
      int offset = Matrix.ALIGNED + i;
      float[] data = numbers(offset + 2 * (width + i) + 3, seed + i);
      all[i] = new Matrix(data, offset, 2, width, width + i, 1);
    }
    return all;
  }

  private static void assertSame(float a, float b) {
    assertThat(Float.floatToIntBits(a)).as("%s and %s", a, b).isEqualTo(Float.floatToIntBits(b));
  }

  private static void assertSameBits(float[] a, float[] b) {
    assertThat(Arrays.equals(a, b)).isTrue(); // compares by bits, all NaN alike
  }
}
