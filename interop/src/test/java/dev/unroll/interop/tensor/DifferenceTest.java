package dev.unroll.interop.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.interop.tensor.Difference.Tolerance;
import org.junit.jupiter.api.Test;

/** How far tensors are apart. */
class DifferenceTest {

  private static final Tolerance TOLERANCE = new Tolerance(0.01, 0.001);

  private static Difference between(Tensor expected, Tensor actual) {
    return Difference.of(expected, actual, TOLERANCE);
  }

  private static Tensor floats(float... elements) {
    return Tensor.of(elements, 2, elements.length / 2);
  }

  @Test
  void isAllowedUpToAPartAndAnAmount() {
    assertThat(between(floats(100, 0), floats(101, 0.0009f)).isAllowed()).isTrue();
    assertThat(between(floats(100, 0), floats(101, 0.0009f)).largest()).isEqualTo(1);
    Difference wrong = between(floats(100, 0, 1, 5), floats(101.5f, 0.0005f, 1.5f, 5));
    assertThat(wrong.largest()).isEqualTo(1.5);
    assertThat(wrong.worst()).isEqualTo("[0, 0]: 101.5, not 100.0");
    assertThat(between(floats(100, 0, 1, 5), floats(100, 0, 1.5f, 5)).worst())
        .isEqualTo("[1, 0]: 1.5, not 1.0");
  }

  @Test
  void whatIsNotFiniteMustBeTheSame() {
    float infinity = Float.POSITIVE_INFINITY;
    assertThat(between(floats(Float.NaN, infinity), floats(Float.NaN, infinity)).isAllowed())
        .isTrue();
    for (Tensor other :
        new Tensor[] {
          floats(0, infinity), floats(Float.NaN, -infinity), floats(Float.NaN, 3),
        }) {
      Difference wrong = between(floats(Float.NaN, infinity), other);
      assertThat(wrong.isAllowed()).isFalse();
      assertThat(wrong.largest()).isInfinite();
      assertThat(between(other, floats(Float.NaN, infinity)).isAllowed()).isFalse();
    }
  }

  @Test
  void typesShapesAndWholeNumbersMustBeTheSame() {
    assertThat(between(floats(1, 2), Tensor.of(new float[] {1, 2}, 2)).worst())
        .isEqualTo("float 2, not float 2×1");
    assertThat(between(floats(1, 2), Tensor.of(new double[] {1, 2}, 2, 1)).worst())
        .isEqualTo("double 2×1, not float 2×1");
    Difference wrong = between(Tensor.of(new long[] {1000}, 1), Tensor.of(new long[] {1001}, 1));
    assertThat(wrong).isEqualTo(new Difference(1, "[0]: 1001, not 1000"));
    assertThat(between(Tensor.of(new long[] {7}), Tensor.of(new long[] {7})).isAllowed()).isTrue();
    assertThat(
            between(
                    Tensor.adopt(ElementType.STRING, Shape.of(), new String[] {"a"}),
                    Tensor.adopt(ElementType.STRING, Shape.of(), new String[] {"b"}))
                .worst())
        .isEqualTo("b, not a");
  }

  @Test
  void halvesMayDifferByTheirLastBit() {
    var none = new Tolerance(0, 0);
    Tensor one = Tensor.adopt(ElementType.FLOAT16, Shape.of(), new float[] {1});
    Tensor next = Tensor.adopt(ElementType.FLOAT16, Shape.of(), new float[] {1 + 0x1p-10f});
    Tensor second = Tensor.adopt(ElementType.FLOAT16, Shape.of(), new float[] {1 + 0x1p-9f});
    assertThat(Difference.of(one, next, none).isAllowed()).isTrue();
    assertThat(Difference.of(one, second, none).isAllowed()).isFalse();
  }
}
