package dev.unroll.task.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Workers;
import dev.unroll.data.Series;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.model.Backtest;
import dev.unroll.model.Forecaster;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import dev.unroll.network.Regression;
import dev.unroll.network.Relative;
import dev.unroll.task.RunOutput;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.optimizer.Adam;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Networks that learned chance from short series, moved toward simple forecasts. */
class ShrinkageTest {

  private static final int ROWS = 90;

  private static final CounterRandom RANDOM =
      CounterRandom.of(11, CounterRandom.Purpose.SAMPLING, 0);

  private static Series series(IntToDoubleFunction number) {
    double[][] rows = new double[ROWS][2];
    for (int t = 0; t < ROWS; t++) {
      rows[t][0] = 50 + number.applyAsDouble(t);
      rows[t][1] = -number.applyAsDouble(t) / 10;
    }
    return new Series("made", List.of("a", "b"), rows);
  }

  /** A year that repeats itself, with errors that do not. */
  private static double season(int t) {
    return 10 * Math.sin(2 * Math.PI * t / 6) + RANDOM.gaussian(t);
  }

  /** A line, of which the last number alone is a bad forecast. */
  private static double line(int t) {
    return 3.0 * t;
  }

  private static ForecasterRun run(
      IntToDoubleFunction number, Relative relative, Regression head, int epochs) {
    Series all = series(number);
    var spec =
        new ForecastSpec(
            List.of("a", "b"),
            List.of(),
            List.of(),
            new ForecastSpec.Window(6, 3, 1),
            relative,
            false,
            false,
            head);
    var parts = new ForecasterRun.Parts(List.of(all.rows(0, 66)), List.of(all.rows(60, ROWS)), 6);
    var options =
        Training.defaults().withEpochs(epochs).withBatch(8, 1).withOptimizer(new Adam(0.02));
    return new ForecasterRun(
        spec, Network.of(Cells.of("gru"), 12), parts, options, RunOutput.NOTHING);
  }

  private static Forecaster trained(ForecasterRun run) {
    return new Forecaster(run.run(TrainingListener.NONE));
  }

  private static double share(Forecaster model) {
    return ((Number) model.provenance().part(Shrinkage.NAME).get(Shrinkage.SHARE)).doubleValue();
  }

  private static double error(ForecasterRun run, Forecaster model) {
    return Backtest.of(model, run.data().validation(), Workers.single()).measures(0, 3).mase();
  }

  @Test
  void forecastsLieBetweenTheSimpleOnesAndTheNetworks() {
    for (Regression head :
        List.of(
            Regression.SQUARED,
            Regression.ABSOLUTE,
            new Regression.Gaussian(),
            new Regression.Quantiles(List.of(0.1, 0.5, 0.9)))) {
      var run = run(ShrinkageTest::season, Relative.SEASON, head, 1);
      Forecaster alone = trained(run);
      Forecaster shrunk = trained(run.withShrinkage());
      double share = share(shrunk);
      assertThat(share).isBetween(0.0, 0.9);
      assertThat(error(run, shrunk)).isLessThan(error(run, alone));
      Series all = series(ShrinkageTest::season);
      var ofNetwork = alone.forecast(all).rows();
      var ofBoth = shrunk.forecast(all).rows();
      for (int row = 0; row < 3; row++) {
        for (int target = 0; target < 2; target++) {
          String name = all.columns().get(target);
          double simple = all.rows()[ROWS - 6 + row][target];
          double before = ofNetwork.get(row).values().get(name).point();
          double wanted = simple + share * (before - simple);
          assertThat(ofBoth.get(row).values().get(name).point()).isCloseTo(wanted, within(1e-4));
        }
      }
    }
  }

  @Test
  void aNetworkThatKnowsBetterStaysAsItIs() {
    var run = run(ShrinkageTest::line, Relative.LAST, Regression.SQUARED, 60);
    Forecaster model = trained(run.withShrinkage());
    assertThat(model.provenance().json()).doesNotContainKey(Shrinkage.NAME);
    assertThat(model.forecast(series(ShrinkageTest::line)))
        .isEqualTo(trained(run).forecast(series(ShrinkageTest::line)));
  }

  @Test
  void onlyForecastsThatAreRelativeToSimpleOnesAreMoved() {
    for (Relative relative : Relative.values()) {
      var run = run(ShrinkageTest::season, relative, Regression.SQUARED, 1);
      boolean simple = relative == Relative.LAST || relative == Relative.SEASON;
      assertThat(run.withShrinkage().fingerprint().equals(run.fingerprint())).isEqualTo(!simple);
    }
  }
}
