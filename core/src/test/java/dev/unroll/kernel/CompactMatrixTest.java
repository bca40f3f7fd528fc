package dev.unroll.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Weights in fewer bits are the rounded floats, and one row on them has the bits of a batch. */
class CompactMatrixTest {

  private static float[] numbers(int count, long seed) {
    var random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] rounded(Precision precision, int rows, int columns, long seed) {
    float[] values = numbers(rows * columns, seed);
    for (int row = 0; row < rows; row++) {
      precision.round(values, row * columns, columns);
    }
    return values;
  }

  @Property(tries = 200)
  void aRowHasTheBitsOfTheSameRowInABatch(
      @ForAll Precision precision,
      @ForAll @IntRange(min = 1, max = 300) int outputs,
      @ForAll @IntRange(min = 0, max = 300) int inputs,
      @ForAll long seed) {
    Matrix weights = Matrix.of(rounded(precision, outputs, inputs, seed), outputs, inputs);
    Matrix x = Matrix.of(numbers(2 * inputs, seed + 1), 2, inputs);
    Matrix bias = Matrix.of(numbers(outputs, seed + 2), 1, outputs);
    var packed = new PackedMatrix();
    packed.pack(weights.transposed(), precision, Workers.single());
    Matrix batch = Matrix.of(new float[2 * outputs], 2, outputs);
    Products.multiplyOnto(bias, x, packed, batch, Workers.single());
    try (var team = new Workers(2)) {
      for (Workers workers : new Workers[] {Workers.single(), team}) {
        Matrix rows = Matrix.of(new float[2 * outputs], 2, outputs);
        for (int row = 0; row < 2; row++) {
          Products.multiplyOnto(
              bias, x.rows(row, row + 1), packed, rows.rows(row, row + 1), workers);
        }
        assertThat(rows.data()).containsExactly(batch.data());
      }
    }
  }

  @Property(tries = 200)
  void theVectorLoopHasTheBitsOfTheScalarOne(
      @ForAll Precision precision,
      @ForAll @IntRange(min = 1, max = 200) int outputs,
      @ForAll @IntRange(min = 0, max = 100) int inputs,
      @ForAll long seed) {
    Assume.that(precision != Precision.FLOAT32);
    Matrix weights = Matrix.of(rounded(precision, outputs, inputs, seed), outputs, inputs);
    var matrix = CompactMatrix.of(weights.transposed(), precision, Workers.single());
    float[] x = numbers(inputs, seed + 1);
    for (int panel = 0; panel < matrix.panels(); panel++) {
      float[] fast = numbers(CompactMatrix.PANEL, seed + 2);
      float[] slow = fast.clone();
      matrix.addPanel(x, 0, panel, fast, 0);
      matrix.addPanelScalar(x, 0, panel, slow, 0);
      int exist = Math.min(CompactMatrix.PANEL, outputs - panel * CompactMatrix.PANEL);
      for (int j = 0; j < exist; j++) {
        assertThat(fast[j]).isEqualTo(slow[j]);
      }
    }
    for (int j = 0; j < outputs; j++) {
      for (int k = 0; k < inputs; k++) {
        assertThat(matrix.get(k, j)).isEqualTo(weights.data()[j * inputs + k]);
      }
    }
  }

  @Property
  void roundingTwiceChangesNothingAndErrsByHalfAStep(@ForAll float[] row, @ForAll Precision kind) {
    for (float value : row) {
      Assume.that(Math.abs(value) < 1e30f);
    }
    float[] once = row.clone();
    kind.round(once, 0, once.length);
    float[] twice = once.clone();
    kind.round(twice, 0, twice.length);
    assertThat(twice).containsExactly(once);
    float scale = Precision.scale(row, 0, row.length);
    for (int i = 0; i < row.length; i++) {
      double error = Math.abs((double) once[i] - row[i]);
      double bound =
          switch (kind) {
            case FLOAT32 -> 0;
            case BFLOAT16 -> Math.abs((double) row[i]) / 256 + Float.MIN_NORMAL;
            // The largest may lie beyond ±127 steps by as much as the scale was rounded down.
            case INT8 -> Math.max(scale * 0.75, 127 * 0x1p-100);
          };
      assertThat(error).isLessThanOrEqualTo(bound);
    }
  }

  @Test
  void knownValues() {
    float[] values = {1f, -127f, 0.49f, 63.5f, 3.14159274f};
    Precision.INT8.round(values, 0, 5);
    assertThat(values).containsExactly(1f, -127f, 0f, 64f, 3f);
    float[] halves = {1f, 1.00390625f, 1.01171875f, -3.14159274f, Float.NaN};
    Precision.BFLOAT16.round(halves, 0, 5);
    assertThat(halves).containsExactly(1f, 1f, 1.015625f, -3.140625f, Float.NaN);
  }
}
