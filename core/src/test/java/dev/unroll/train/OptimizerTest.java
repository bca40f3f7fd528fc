package dev.unroll.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.file.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void nesterovFollowsPyTorch() {
    var update = new Optimizer.Sgd(0.1, 0.9, true).newUpdate(1);
    float[] p = {1f};
    double theta = 1;
    double v = 0;
    for (int t = 1; t <= 20; t++) {
      double g = Math.cos(t);
      v = 0.9 * v + g;
      theta -= 0.1 * (g + 0.9 * v);
      update.apply(p, new float[] {(float) g}, new Optimizer.Step(t, 0.1, 1f), 0, 1);
      assertThat((double) p[0]).isCloseTo(theta, within(1e-5));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.9})
  void rmsPropFollowsPyTorch(double momentum) {
    var update = new Optimizer.RmsProp(0.01, 0.95, 1e-6, momentum).newUpdate(1);
    float[] p = {1f};
    double theta = 1;
    double v = 0;
    double b = 0;
    for (int t = 1; t <= 50; t++) {
      double g = Math.sin(t);
      v = 0.95 * v + 0.05 * g * g;
      b = momentum * b + g / (Math.sqrt(v) + 1e-6);
      theta -= 0.01 * b;
      update.apply(p, new float[] {(float) (4 * g)}, new Optimizer.Step(t, 0.01, 0.25f), 0, 1);
      assertThat((double) p[0]).isCloseTo(theta, within(2e-5));
    }
  }

  @Test
  void adagradFollowsItsPaper() {
    var update = new Optimizer.Adagrad(0.1, 1e-10).newUpdate(1);
    float[] p = {1f};
    double theta = 1;
    double s = 0;
    for (int t = 1; t <= 50; t++) {
      double g = Math.sin(t);
      s += g * g;
      theta -= 0.1 * g / (Math.sqrt(s) + 1e-10);
      update.apply(p, new float[] {(float) (2 * g)}, new Optimizer.Step(t, 0.1, 0.5f), 0, 1);
      assertThat((double) p[0]).isCloseTo(theta, within(1e-5));
    }
  }

  private static double factor(Schedule schedule, long step, int epoch, int plateaus) {
    return schedule.factor(new Schedule.Moment(step, 100, epoch, plateaus));
  }

  @Test
  void schedules() {
    var cosine = new Schedule.Cosine(0.1);
    assertThat(factor(cosine, 1, 1, 0)).isCloseTo(1, within(1e-12));
    assertThat(factor(cosine, 51, 1, 0)).isCloseTo(0.55, within(1e-12));
    assertThat(factor(cosine, 101, 1, 0)).isCloseTo(0.1, within(1e-12));
    assertThat(factor(new Schedule.Plateau(0.5, 1), 9, 1, 3)).isEqualTo(0.125);
    assertThat(factor(new Schedule.Constant(), 9, 1, 3)).isEqualTo(1);
    var cycle = new Schedule.OneCycle(0.25, 0.04, 0.001);
    assertThat(factor(cycle, 1, 1, 0)).isCloseTo(0.04, within(1e-12));
    assertThat(factor(cycle, 26, 1, 0)).isCloseTo(1, within(1e-12));
    assertThat(factor(cycle, 101, 1, 0)).isCloseTo(0.001, within(1e-12));
    var sweep = new Schedule.Exponential(0.01, 100);
    assertThat(factor(sweep, 1, 1, 0)).isCloseTo(0.01, within(1e-12));
    assertThat(factor(sweep, 100, 1, 0)).isCloseTo(100, within(1e-9));
  }

  /** Zaremba et al. (2014), medium: 6 epochs at the whole rate, then divided by 1.2 after each. */
  @Test
  void stepsOfTheRate() {
    var zaremba = new Schedule.Step(1 / 1.2, 6, 1);
    assertThat(factor(zaremba, 1, 6, 0)).isEqualTo(1);
    assertThat(factor(zaremba, 1, 7, 0)).isCloseTo(1 / 1.2, within(1e-12));
    assertThat(factor(zaremba, 1, 9, 0)).isCloseTo(Math.pow(1.2, -3), within(1e-12));
    var slow = new Schedule.Step(0.5, 2, 3);
    assertThat(factor(slow, 1, 3, 0)).isEqualTo(0.5);
    assertThat(factor(slow, 1, 5, 0)).isEqualTo(0.5);
    assertThat(factor(slow, 1, 6, 0)).isEqualTo(0.25);
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
