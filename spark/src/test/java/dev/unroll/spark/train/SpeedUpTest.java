package dev.unroll.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.spark.train.SpeedUp.Machines;
import dev.unroll.spark.train.SpeedUp.Reduction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The arithmetic of {@link SpeedUp}, beside sums that were done by hand. */
class SpeedUpTest {

  private static final Offset<Double> NEAR = within(1e-9);

  private static final SpeedUp MODEL =
      new SpeedUp(
          new SpeedUp.Batch(10, 2),
          new SpeedUp.Vector(100, 0.1, 0.2, 0.3, 0.4, 0.05),
          new SpeedUp.Scheduling(0.5, 0.01));

  private static final Machines NINE = new Machines(9, 50);

  @Test
  void collectedGradientsAllComeByTheLinkOfTheDriver() {
    double stages = 0.5 + 9 * 0.01;
    double out = 0.1 + 2 * 2 + 0.2; // 100 bytes at 50 a second, handed on once
    double back = 0.3 + 9 * 2 + 9 * 0.05; // slower than 3 turns of reading
    assertThat(MODEL.exchange(Reduction.COLLECT, NINE, 1)).isCloseTo(stages + out + back, NEAR);
    assertThat(MODEL.synchronousStep(Reduction.COLLECT, NINE))
        .isCloseTo(stages + out + back + 12, NEAR);
  }

  @Test
  void aTreeTakesThreeAndThree() {
    double stages = 0.5 + 9 * 0.01 + 0.5 + 3 * 0.01;
    double out = 0.1 + 2 * 2 + 0.2;
    double back = 2 * 0.3 + 2 * (3 * 2 + 3 * 0.05);
    assertThat(MODEL.exchange(Reduction.TREE, NINE, 1)).isCloseTo(stages + out + back, NEAR);
  }

  @Test
  void slicesTakeOneVectorTwiceOnAnyNumber() {
    double stages = 2 * (0.5 + 9 * 0.01);
    double out = 0.1 + 2 * 2 + 0.2;
    double exchanged = 8 / 9.0 * (2 + 0.4) + 0.05;
    double joined = 2 + 0.1;
    assertThat(MODEL.exchange(Reduction.SLICES, NINE, 1))
        .isCloseTo(stages + out + 0.3 * 10 / 9 + exchanged + joined, NEAR);
  }

  @Test
  void onOneMachineOnlyWorkOfTheProcessorCounts() {
    double exchange = 0.5 + 2 * 0.01 + 0.1 + 0.2 + 0.3 + 0.4 + 2 * 0.05;
    assertThat(MODEL.exchange(Reduction.COLLECT, Machines.here(2), 1)).isCloseTo(exchange, NEAR);
  }

  /** Parameters and two moments travel, once in so many steps. */
  @Test
  void localSgdSharesOutTheExchange() {
    double exchange = MODEL.exchange(Reduction.COLLECT, NINE, 3);
    assertThat(MODEL.localStep(Reduction.COLLECT, NINE, 10)).isCloseTo(12 + exchange / 10, NEAR);
    assertThat(MODEL.factor(NINE, 24)).isCloseTo(4.5, NEAR);
  }

  @Test
  void theCrossoverIsTheFirstNumberOfStepsThatIsFaster() {
    for (Reduction how : Reduction.values()) {
      int steps = MODEL.crossover(how, NINE);
      double synchronous = MODEL.synchronousStep(how, NINE);
      assertThat(MODEL.localStep(how, NINE, steps)).isLessThan(synchronous);
      assertThat(MODEL.localStep(how, NINE, steps - 1)).isGreaterThanOrEqualTo(synchronous);
    }
  }

  @Test
  void stepsForAShareOfTheSpeedAreTheLeast() {
    int steps = MODEL.stepsFor(0.8, Reduction.SLICES, NINE);
    double own = 12;
    assertThat(own / MODEL.localStep(Reduction.SLICES, NINE, steps)).isGreaterThanOrEqualTo(0.8);
    assertThat(own / MODEL.localStep(Reduction.SLICES, NINE, steps - 1)).isLessThan(0.8);
  }

  @Test
  void slicesAreFasterFromTheFirstNumberOn() {
    int from = MODEL.slicesFrom(50, 512);
    assertThat(from).isBetween(3, 511);
    for (int executors = 2; executors <= from; executors++) {
      var on = new Machines(executors, 50);
      boolean faster =
          MODEL.exchange(Reduction.SLICES, on, 1) < MODEL.exchange(Reduction.COLLECT, on, 1);
      assertThat(faster).isEqualTo(executors == from);
    }
    assertThat(MODEL.slicesFrom(50, from - 1)).isEqualTo(from - 1);
  }
}
