package dev.unroll.interop.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TensorTest {

  @Test
  void equalsByTypeShapeAndBits() {
    var tensor = Tensor.of(new float[] {1, Float.NaN, 0f}, 3);
    assertThat(tensor)
        .isEqualTo(Tensor.of(new float[] {1, Float.NaN, 0f}, 3))
        .hasToString("float 3");
    assertThat(tensor).isNotEqualTo(Tensor.of(new float[] {1, Float.NaN, -0f}, 3));
    assertThat(tensor).isNotEqualTo(Tensor.of(new float[] {1, Float.NaN, 0f}, 1, 3));
    assertThat(tensor).isNotEqualTo(Tensor.of(new double[] {1, Double.NaN, 0}, 3));
  }

  @Test
  void nobodyChangesItFromOutside() {
    float[] mine = {1, 2};
    var tensor = Tensor.of(mine, 2);
    mine[0] = 5;
    tensor.floats()[1] = 6;
    assertThat(tensor.floats()).containsExactly(1, 2);
  }

  @Test
  void refusesShapesThatOverflowOrDoNotFit() {
    assertThatThrownBy(() -> Shape.of(1 << 20, 1 << 20, 1 << 30, 1 << 30))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Shape.of(-1)).hasMessageContaining("negative");
    assertThatThrownBy(() -> Tensor.of(new float[2], 3)).hasMessageContaining("3 elements, not 2");
  }
}
