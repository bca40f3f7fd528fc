package dev.unroll.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.kernel.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Heads for numbers: losses against their formulas, gradients against central differences. */
class RegressionTest {

  private static final double STEP = 1e-5;

  @Provide
  Arbitrary<Regression> heads() {
    return Arbitraries.of(
        Regression.SQUARED,
        Regression.ABSOLUTE,
        new Regression.Gaussian(),
        new Regression.Quantiles(List.of(0.1, 0.5, 0.8)));
  }

  @Property(tries = 200)
  void gradientIsThatOfTheLoss(@ForAll("heads") Regression head, @ForAll long seed) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 0);
    double[] z = new double[head.parameters()];
    for (int i = 0; i < z.length; i++) {
      z[i] = 2 * random.gaussian(i);
    }
    double y = 2 * random.gaussian(100);
    double unit = 0.1 + 3 * random.uniform(300);
    double[] dz = new double[z.length];
    head.loss(z, y, unit, dz);
    double[] ignored = new double[z.length];
    for (int i = 0; i < z.length; i++) {
      if (Math.abs(z[i] - y) < 2 * STEP) {
        continue; // a kink of the median and the quantiles
      }
      double kept = z[i];
      z[i] = kept + STEP;
      double above = head.loss(z, y, unit, ignored);
      z[i] = kept - STEP;
      double below = head.loss(z, y, unit, ignored);
      z[i] = kept;
      double difference = (above - below) / (2 * STEP);
      double scale = Math.max(1, Math.abs(dz[i]));
      assertThat(Math.abs(difference - dz[i]) / scale).isLessThan(1e-7);
    }
  }

  @Property(tries = 100)
  void shrinkingMovesTheForecastAndKeepsItsSpread(
      @ForAll("heads") Regression head, @ForAll long seed) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 0);
    double[] z = new double[head.parameters()];
    for (int i = 0; i < z.length; i++) {
      z[i] = i + random.uniform(i) - 1; // quantiles are in order
    }
    double[] shrunk = z.clone();
    head.shrink(shrunk, 0.3);
    assertThat(head.point(shrunk)).isCloseTo(0.3 * head.point(z), within(1e-12));
    for (double level : new double[] {0.1, 0.5, 0.8}) {
      if (head.known(level)) {
        double spread = head.quantile(z, level) - head.point(z);
        assertThat(head.quantile(shrunk, level) - head.point(shrunk))
            .isCloseTo(spread, within(1e-12));
      }
    }
  }

  @Example
  void lossesAreTheFormulas() {
    double[] gradient = new double[3];
    double[] z = {1, -0.5, 2};
    assertThat(Regression.SQUARED.loss(z, 3, 2, gradient)).isEqualTo(16);
    assertThat(Regression.ABSOLUTE.loss(z, 3, 2, gradient)).isEqualTo(4);
    double deviation = Math.log(1 + Math.exp(-0.5)) + 0.001;
    double density =
        Math.exp(-Math.pow((3 - 1) / deviation, 2) / 2) / (deviation * Math.sqrt(2 * Math.PI));
    assertThat(new Regression.Gaussian().loss(z, 3, 1, gradient))
        .isCloseTo(-Math.log(density), within(1e-12));
    var quantiles = new Regression.Quantiles(List.of(0.1, 0.5, 0.9));
    assertThat(quantiles.loss(z, 1.5, 1, gradient))
        .isCloseTo((0.1 * 0.5 + 0.5 * 2 + 0.1 * 0.5) / 3, within(1e-12));
  }

  @Example
  void quantilesAreInOrderAndNormalOnesAreThoseOfTables() {
    var head = new Regression.Quantiles(List.of(0.1, 0.5, 0.9));
    double[] crossed = {3, 1, 2};
    assertThat(head.quantile(crossed, 0.1)).isEqualTo(1);
    assertThat(head.point(crossed)).isEqualTo(2);
    assertThat(head.quantile(crossed, 0.9)).isEqualTo(3);
    assertThatIllegalArgumentException().isThrownBy(() -> head.quantile(crossed, 0.25));
    assertThat(NormalQuantile.of(0.975)).isCloseTo(1.959963984540054, within(1e-6));
    assertThat(NormalQuantile.of(0.9)).isCloseTo(1.2815515655446004, within(1e-6));
    assertThat(NormalQuantile.of(0.5)).isZero();
    assertThat(NormalQuantile.of(0.001)).isCloseTo(-3.090232306167813, within(1e-5));
    assertThat(NormalQuantile.of(1e-20)).isCloseTo(-9.262340089798408, within(1e-4));
    var levels = new ArrayList<Double>(List.of(0.9, 0.1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Regression.Quantiles(levels));
  }
}
