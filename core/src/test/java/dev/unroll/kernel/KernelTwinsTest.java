package dev.unroll.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
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
    float[] a = numbers(Tile.LEFT_SIZE, seed);
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
        ScalarTiles.run(tile, 5, 2, 3, rows);
      } else if (byColumns) {
        VectorColumnTiles.run(tile, 5, 2, 3, rows);
      } else {
        VectorRowTiles.run(tile, 5, 2, 3, rows);
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

  private interface RowStep {
    void run(CellBuffers b, int row);
  }

  @Property(tries = 100)
  void lstmSteps(@ForAll("sizes") int units, @ForAll long seed) {
    var kind = CellBuffers.Kind.MEMORY;
    compare(units, 4, kind, seed, VectorLstmStep::cellForward, LstmStep::cellForward);
    compare(units, 4, kind, seed, VectorLstmStep::outputForward, LstmStep::outputForward);
    compare(units, 4, kind, seed, VectorLstmStep::outputBackward, LstmStep::outputBackward);
    compare(units, 4, kind, seed, VectorLstmStep::cellBackward, LstmStep::cellBackward);
  }

  @Property(tries = 100)
  void gruSteps(@ForAll("sizes") int units, @ForAll long seed) {
    var kind = CellBuffers.Kind.RESET;
    compare(units, 3, kind, seed, VectorGruStep::resetBefore, GruStep::resetBefore);
    compare(units, 3, kind, seed, VectorGruStep::resetAfter, GruStep::resetAfter);
    compare(units, 3, kind, seed, VectorGruStep::blend, GruStep::blend);
    compare(units, 2, CellBuffers.Kind.PLAIN, seed, VectorGruStep::blend, GruStep::blend);
    compare(units, 3, kind, seed, VectorGruStep::blendBackward, GruStep::blendBackward);
    compare(units, 3, kind, seed, VectorGruStep::resetBeforeBackward, GruStep::resetBeforeBackward);
    compare(units, 3, kind, seed, VectorGruStep::resetAfterBackward, GruStep::resetAfterBackward);
  }

  private static void compare(
      int units, int gates, CellBuffers.Kind kind, long seed, RowStep vector, RowStep scalar) {
    CellBuffers fast = buffers(units, gates, kind, seed);
    CellBuffers slow = buffers(units, gates, kind, seed);
    for (int row = 0; row < 2; row++) {
      vector.run(fast, row);
      scalar.run(slow, row);
    }
    float[][] ours = all(fast);
    float[][] theirs = all(slow);
    for (int i = 0; i < ours.length; i++) {
      assertSameBits(ours[i], theirs[i]);
    }
  }

  private static CellBuffers buffers(int units, int gates, CellBuffers.Kind kind, long seed) {
    var b = new CellBuffers(CellBuffers.Form.plain(units, gates, kind));
    b.reserve(2);
    b.reserveGradients(2, new CellBuffers.Places(2, new int[] {1, 0}, new int[] {0, 1}, 2));
    float[][] all = all(b);
    IntStream.range(0, all.length)
        .forEach(
            i -> System.arraycopy(numbers(all[i].length, seed + i), 0, all[i], 0, all[i].length));
    return b;
  }

  private static float[][] all(CellBuffers b) {
    return new float[][] {
      b.gates,
      b.before,
      b.output,
      b.cellBefore,
      b.cell,
      b.squashed,
      b.inner,
      b.dBefore,
      b.dOutput,
      b.dCell,
      b.dInner
    };
  }

  private static void assertSame(float a, float b) {
    assertThat(Float.floatToIntBits(a)).as("%s and %s", a, b).isEqualTo(Float.floatToIntBits(b));
  }

  private static void assertSameBits(float[] a, float[] b) {
    assertThat(Arrays.equals(a, b)).isTrue(); // compares by bits, all NaN alike
  }
}
