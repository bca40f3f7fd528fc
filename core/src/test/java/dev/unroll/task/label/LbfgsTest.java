package dev.unroll.task.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Functions whose minimum is known. */
class LbfgsTest {

  /** Of Σ (i + 1)·(x[i] - i)²/2 it is x[i] = i; the curvatures differ by a factor of 50. */
  @Test
  void theBottomOfABowlIsFound() {
    Lbfgs.Function bowl =
        (at, gradient) -> {
          double value = 0;
          for (int i = 0; i < at.length; i++) {
            double from = at[i] - i;
            gradient[i] = (i + 1) * from;
            value += (i + 1) * from * from / 2;
          }
          return value;
        };
    double[] found = Lbfgs.minimum(bowl, new double[50], 200);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(i, within(1e-3));
    }
    assertThat(Lbfgs.minimum(bowl, found, 0)).isEqualTo(found);
  }

  /** Of e^x - 3x it is log 3, though the first step, of length 1, could go anywhere. */
  @Test
  void stepsAreHalvedUntilTheyGoDown() {
    Lbfgs.Function steep =
        (at, gradient) -> {
          gradient[0] = Math.exp(at[0]) - 3;
          return Math.exp(at[0]) - 3 * at[0];
        };
    for (double start : new double[] {-3, 0, 5}) {
      double[] found = Lbfgs.minimum(steep, new double[] {start}, 100);
      assertThat(found[0]).isCloseTo(Math.log(3), within(1e-4));
    }
  }

  @Test
  void aFlatStartStays() {
    double[] start = {3, 4};
    assertThat(Lbfgs.minimum((at, gradient) -> 7, start, 10)).isEqualTo(start);
  }
}
