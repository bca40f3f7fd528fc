package dev.unroll.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Matrix;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputSharesTest {

  private static final int INPUTS = 3;

  /** Of each product that is computed, the number of its rows. */
  private final List<Integer> products = new ArrayList<>();

  private final InputShares shares = new InputShares(INPUTS, 2);

  /** The share of a row is its sum and its last element. */
  private float[] forward(float... x) {
    Matrix inputs = Matrix.of(x, x.length / INPUTS, INPUTS);
    Matrix found = Matrix.of(new float[2 * inputs.rows()], inputs.rows(), 2);
    shares.forward(
        inputs,
        found,
        (some, ofSome) -> {
          products.add(some.rows());
          for (int row = 0; row < some.rows(); row++) {
            float[] values = some.data();
            int at = some.row(row);
            ofSome.data()[ofSome.row(row)] = values[at] + values[at + 1] + values[at + 2];
            ofSome.data()[ofSome.row(row) + 1] = values[at + 2];
          }
        });
    return found.data();
  }

  @Test
  void onlyInputsThatAreNewAreMultiplied() {
    assertThat(forward(1, 2, 3, 4, 5, 6)).containsExactly(6, 3, 15, 6);
    assertThat(forward(1, 2, 3, 4, 5, 6)).containsExactly(6, 3, 15, 6); // kept from now on
    assertThat(forward(4, 5, 6, 7, 8, 9, 1, 2, 3)).containsExactly(15, 6, 24, 9, 6, 3);
    assertThat(forward(1, 2, 3, 1, 2, 3)).containsExactly(6, 3, 6, 3);
    assertThat(products).containsExactly(2, 2, 1);
  }

  @Test
  void whatIsFoundIsACopy() {
    for (int i = 0; i < 4; i++) {
      float[] found = forward(1, 2, 3);
      assertThat(found).containsExactly(6, 3);
      found[0] = 99; // gates take the place of their shares
    }
    assertThat(products).containsExactly(1, 1);
  }

  @Test
  void zerosOfBothSignsAreTwoInputs() {
    for (int i = 0; i < 3; i++) {
      assertThat(forward(0f, 0f, 0f, -0f, -0f, -0f)).containsExactly(0f, 0f, -0f, -0f);
    }
    assertThat(forward(-0f, -0f, -0f)).containsExactly(-0f, -0f);
    assertThat(products).containsExactly(2, 2);
  }
}
