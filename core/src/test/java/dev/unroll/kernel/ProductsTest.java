package dev.unroll.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Products in all three forms against the definition: one fma after the other, ascending in k. */
class ProductsTest {

  @Property(tries = 150)
  void everyFormHasTheBitsOfTheDefinition(
      @ForAll @IntRange(min = 1, max = 150) int m,
      @ForAll @IntRange(min = 1, max = 2300) int k, // more than are taken together, and more again
      @ForAll @IntRange(min = 1, max = 150) int n,
      @ForAll boolean aTransposed,
      @ForAll boolean bTransposed,
      @ForAll @IntRange(min = 1, max = 3) int threads) {
    float[] aData = KernelTwinsTest.numbers(m * k, 1);
    float[] bData = KernelTwinsTest.numbers(k * n, 2);
    Matrix a = aTransposed ? Matrix.of(aData, k, m).transposed() : Matrix.of(aData, m, k);
    Matrix b = bTransposed ? Matrix.of(bData, n, k).transposed() : Matrix.of(bData, k, n);
    float[] old = KernelTwinsTest.numbers(m * n, 3);
    float[] c = old.clone();
    float[] d = old.clone();
    float[] e = new float[m * n];
    try (var workers = new Workers(threads)) {
      var packed = new PackedMatrix();
      packed.pack(Matrix.of(new float[70 * 700], 70, 700), workers); // leftovers must not matter
      packed.pack(b, workers);
      Products.multiply(a, packed, Matrix.of(c, m, n), workers);
      Products.multiplyAdd(a, packed, Matrix.of(d, m, n), workers);
      Products.multiplyOnto(Matrix.of(old, 0, 1, n), a, packed, Matrix.of(e, m, n), workers);
    }
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        assertThat(c[i * n + j]).isEqualTo(sum(a, b, i, j, 0f));
        assertThat(d[i * n + j]).isEqualTo(sum(a, b, i, j, old[i * n + j]));
        assertThat(e[i * n + j]).isEqualTo(sum(a, b, i, j, old[j]));
      }
    }
  }

  /** A single row goes another way: several panels at once. */
  @Property(tries = 100)
  void oneRowHasTheBitsOfTheDefinition(
      @ForAll @IntRange(min = 1, max = 1300) int k,
      @ForAll @IntRange(min = 100, max = 900) int n,
      @ForAll @IntRange(min = 1, max = 3) int threads) {
    everyFormHasTheBitsOfTheDefinition(1, k, n, false, true, threads);
  }

  /** Where all vectors are whole, the last panels are taken at once, too. */
  @Property(tries = 100)
  void oneRowOfWholeVectorsHasTheBitsOfTheDefinition(
      @ForAll @IntRange(min = 1, max = 600) int k,
      @ForAll @IntRange(min = 9, max = 60) int vectors,
      @ForAll @IntRange(min = 1, max = 3) int threads) {
    everyFormHasTheBitsOfTheDefinition(1, k, 16 * vectors, false, true, threads);
  }

  /** Terms with one left operand have the bits of one after the other, and so have its row sums. */
  @Property(tries = 100)
  void severalTermsAndRowSumsHaveTheBitsOfTheDefinition(
      @ForAll @IntRange(min = 1, max = 280) int m, // more than are taken together, twice
      @ForAll @IntRange(min = 1, max = 2300) int k,
      @ForAll @IntRange(min = 1, max = 70) int n,
      @ForAll @IntRange(min = 0, max = 3) int wider,
      @ForAll @IntRange(min = 1, max = 3) int threads) {
    int stride = m + wider;
    var a = new Matrix(KernelTwinsTest.numbers(k * stride - wider, 1), 0, k, m, stride, 1);
    Matrix b = Matrix.of(KernelTwinsTest.numbers(k * n, 2), k, n);
    float[] old = KernelTwinsTest.numbers(m * n, 3);
    float[] c = old.clone();
    float[] d = old.clone();
    float[] oldSums = KernelTwinsTest.numbers(m + 5, 4);
    float[] sums = oldSums.clone();
    try (var workers = new Workers(threads)) {
      var packed = new PackedMatrix();
      packed.pack(b, workers);
      var twice = new PackedMatrix();
      twice.pack(b, workers);
      var terms =
          List.of(
              new Products.Term(packed, Matrix.of(c, m, n)),
              new Products.Term(twice, Matrix.of(d, m, n)));
      Products.multiplyAdd(a.transposed(), new Products.RowSums(sums, 2), terms, workers);
    }
    float[] one = old.clone();
    try (var single = new Workers(1)) {
      var packed = new PackedMatrix();
      packed.pack(b, single);
      Products.multiplyAdd(a.transposed(), packed, Matrix.of(one, m, n), single);
    }
    assertThat(c).containsExactly(one);
    assertThat(d).containsExactly(one);
    for (int i = 0; i < m; i++) {
      float sum = oldSums[2 + i];
      for (int j = 0; j < k; j++) {
        sum += a.data()[a.row(j) + i];
      }
      oldSums[2 + i] = sum;
    }
    assertThat(sums).containsExactly(oldSums); // and nothing around them has changed
  }

  private static float sum(Matrix a, Matrix b, int i, int j, float start) {
    float sum = start;
    for (int k = 0; k < a.columns(); k++) {
      float left = a.data()[a.row(i) + k * a.columnStride()];
      float right = b.data()[b.row(k) + j * b.columnStride()];
      sum = Math.fma(left, right, sum);
    }
    return sum;
  }

  @Example
  void shapesThatDoNotFitAreRefused() {
    var packed = new PackedMatrix();
    Workers single = Workers.single();
    packed.pack(Matrix.of(new float[6], 2, 3), single);
    Matrix a = Matrix.of(new float[6], 2, 3);
    assertThatThrownBy(() -> Products.multiply(a, packed, Matrix.of(new float[6], 2, 3), single))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("product of 2 × 3 and 2 × 3");
  }

  @Example
  void aViewBeyondItsArrayIsRefused() {
    assertThatThrownBy(() -> Matrix.of(new float[5], 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("element 5 of an array of 5");
  }
}
