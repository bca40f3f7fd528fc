package dev.unroll.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.model.InputException;
import org.junit.jupiter.api.Test;

/** Optimizers and schedules against the published formulas, in double precision. */
class OptimizerTest {

  @Test
  void adamFollowsItsPaper() {
    var adam = new Optimizer.Adam(0.01, 0.9, 0.99, 1e-8);
    var update = adam.newUpdate(1);
    float[] p = {1f};
    double theta = 1;
    double m = 0;
    double v = 0;
    for (int t = 1; t <= 50; t++) {
      double g = Math.sin(t);
      m = 0.9 * m + 0.1 * g;
      v = 0.99 * v + 0.01 * g * g;
      theta -=
          0.01 * (m / (1 - Math.pow(0.9, t))) / (Math.sqrt(v / (1 - Math.pow(0.99, t))) + 1e-8);
      update.apply(p, new float[] {(float) (2 * g)}, new Optimizer.Step(t, 0.01, 0.5f), 0, 1);
      assertThat((double) p[0]).isCloseTo(theta, within(1e-5));
    }
  }

  @Test
  void momentumFollowsPyTorch() {
    var update = new Optimizer.Sgd(0.1, 0.9).newUpdate(2);
    float[] p = {1f, 1f};
    double theta = 1;
    double v = 0;
    for (int t = 1; t <= 20; t++) {
      double g = Math.cos(t);
      v = 0.9 * v + g;
      theta -= 0.1 * v;
      update.apply(p, new float[] {(float) g, 0f}, new Optimizer.Step(t, 0.1, 1f), 0, 2);
      assertThat((double) p[0]).isCloseTo(theta, within(1e-5));
    }
    assertThat(p[1]).isEqualTo(1f);
  }

  @Test
  void plainSgd() {
    float[] p = {1f, 2f};
    new Optimizer.Sgd(1, 0)
        .newUpdate(2)
        .apply(p, new float[] {4f, 8f}, new Optimizer.Step(1, 0.25, 0.5f), 0, 2);
    assertThat(p).containsExactly(0.5f, 1f);
  }

  @Test
  void schedules() {
    var cosine = new Schedule.Cosine(0.1);
    assertThat(cosine.factor(1, 100, 0)).isCloseTo(1, within(1e-12));
    assertThat(cosine.factor(51, 100, 0)).isCloseTo(0.55, within(1e-12));
    assertThat(cosine.factor(101, 100, 0)).isCloseTo(0.1, within(1e-12));
    assertThat(new Schedule.Plateau(0.5, 1).factor(9, 100, 3)).isEqualTo(0.125);
    assertThat(new Schedule.Constant().factor(9, 100, 3)).isEqualTo(1);
  }

  @Test
  void impossibleValuesAreRefused() {
    assertThatThrownBy(() -> new Optimizer.Adam(0)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> new Optimizer.Adam(Double.NaN)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> new Optimizer.Sgd(1, 1)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> new Schedule.Plateau(1.5, 1)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> Training.defaults().withEpochs(0))
        .hasMessageContaining("epochs is 0")
        .isInstanceOf(InputException.class);
  }
}
