package dev.unroll.train.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Optimizers and schedules against the published formulas, in double precision. */
class OptimizerTest {

  @Test
  void adamFollowsItsPaper() {
    var adam = new Adam(0.01, 0.9, 0.99, 1e-8);
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

  /** The corrections of the first step are exact, so that it is as long as the rate says. */
  @Test
  void theFirstStepOfAdamIsTheRate() {
    for (double beta2 : new double[] {0.99, 0.999, 0.9999, 0.99999}) {
      float[] p = {0f};
      new Adam(1, 0.9, beta2, 1e-30)
          .newUpdate(1)
          .apply(p, new float[] {0.5f}, new Optimizer.Step(1, 1, 1f), 0, 1);
      assertThat((double) p[0]).as("beta2 %s", beta2).isCloseTo(-1, within(3e-7));
    }
  }

  @Test
  void momentumFollowsPyTorch() {
    var update = new Sgd(0.1, 0.9).newUpdate(2);
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
    new Sgd(1, 0)
        .newUpdate(2)
        .apply(p, new float[] {4f, 8f}, new Optimizer.Step(1, 0.25, 0.5f), 0, 2);
    assertThat(p).containsExactly(0.5f, 1f);
  }

  @Test
  void nesterovFollowsPyTorch() {
    var update = new Sgd(0.1, 0.9, true).newUpdate(1);
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
    var update = new RmsProp(0.01, 0.95, 1e-6, momentum).newUpdate(1);
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
    var update = new Adagrad(0.1, 1e-10).newUpdate(1);
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

  /** As those of a word that occurs once: some processors are slow with numbers so small. */
  @ParameterizedTest
  @MethodSource("optimizersWithMoments")
  void momentsFadeToZero(Optimizer optimizer) {
    var update = optimizer.newUpdate(3);
    float[] p = {1f, 1f, 1f};
    update.apply(p, new float[] {1f, -1f, 0f}, new Optimizer.Step(1, 0.1, 1f), 0, 3);
    for (int t = 2; t <= 2048; t++) {
      update.apply(p, new float[3], new Optimizer.Step(t, 0.1, 1f), 0, 3);
    }
    assertThat(update.moments().values())
        .isNotEmpty()
        .allSatisfy(
            moments -> {
              for (float each : moments) {
                assertThat(each == 0f || Math.abs(each) >= Float.MIN_NORMAL).isTrue();
              }
            });
    assertThat(p[0]).isLessThan(1f);
    assertThat(p[2]).isEqualTo(1f);
  }

  static Stream<Optimizer> optimizersWithMoments() {
    return Stream.of(
        new Adam(0.1, 0.9, 0.95, 1e-8), new RmsProp(0.1, 0.9, 1e-8, 0.9), new Sgd(0.1, 0.9));
  }

  /** Identities of runs and models hold these texts: they must never change. */
  @Test
  void describesItselfAsOlderFilesDo() {
    assertThat(new Sgd(5, 0.5, true).describe())
        .isEqualTo("Sgd[rate=5.0, momentum=0.5, nesterov=true]");
    assertThat(new Adam(0.02).describe())
        .isEqualTo("Adam[rate=0.02, beta1=0.9, beta2=0.999, epsilon=1.0E-8]");
    assertThat(new RmsProp(0.002, 0.99, 1e-8, 0).describe())
        .isEqualTo("RmsProp[rate=0.002, alpha=0.99, epsilon=1.0E-8, momentum=0.0]");
    assertThat(new Adagrad(0.01, 1e-10).describe())
        .isEqualTo("Adagrad[rate=0.01, epsilon=1.0E-10]");
  }

  @Test
  void impossibleValuesAreRefused() {
    assertThatThrownBy(() -> new Adam(0)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> new Adam(Double.NaN)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> new Sgd(1, 1)).isInstanceOf(InputException.class);
  }
}
