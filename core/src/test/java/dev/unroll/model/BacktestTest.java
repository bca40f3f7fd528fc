package dev.unroll.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.batch.Standardization;
import dev.unroll.data.Provenance;
import dev.unroll.data.Series;
import dev.unroll.kernel.Slice;
import dev.unroll.network.Network;
import dev.unroll.network.Regression;
import dev.unroll.network.Relative;
import dev.unroll.result.ForecastScore;
import dev.unroll.store.ModelFile;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.task.forecast.ForecasterFields;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;

/**
 * Measures of forecasts against those that were computed by hand, of series of a few numbers. All
 * weights of the networks are zero, so that their outputs are the biases of the head; without
 * these, a forecast relative to the last number is that number.
 */
class BacktestTest {

  private static final double[] ONE = {5, 1, 2, 4, 8, 6};

  private static Series series(double[]... columns) {
    double[][] rows = new double[columns[0].length][columns.length];
    for (int t = 0; t < rows.length; t++) {
      for (int column = 0; column < columns.length; column++) {
        rows[t][column] = columns[column][t];
      }
    }
    return new Series("s", List.of("a", "b").subList(0, columns.length), rows);
  }

  private static ForecastSpec forecasting(
      List<String> targets, Relative relative, Regression head) {
    var window = new ForecastSpec.Window(2, 2, 1);
    return new ForecastSpec(targets, List.of(), List.of(), window, relative, false, false, head);
  }

  private static Forecaster model(
      ForecastSpec forecasting, Standardization scaling, List<Double> units, float... bias) {
    Network layers = Network.gru(3);
    var network = ForecasterFields.network(layers, forecasting);
    float[] parameters = new float[network.size()];
    Slice place =
        network.slices().stream()
            .filter(slice -> slice.name().equals("head.bias"))
            .findFirst()
            .orElseThrow();
    for (int i = 0; i < place.size() && bias.length > 0; i++) {
      parameters[place.offset() + i] = bias[i % bias.length];
    }
    var fields = new ForecasterFields(network, forecasting, scaling, 2, units);
    return new Forecaster(new ModelFile<>(fields, parameters, Provenance.NONE));
  }

  private static Standardization scaling(double mean, double deviation) {
    return new Standardization(List.of(mean), List.of(deviation));
  }

  private static ForecastScore score(
      Forecaster model, Series series, int first, int stride, Double... levels) {
    return Backtest.of(model, series, first, stride, List.of(levels), Workers.single());
  }

  /**
   * From row 2 on 1, 1 are forecast of 2, 4; from row 3 on 2, 2 of 4, 8; from row 4 on 4, 4 of 8,
   * 6.
   */
  @Example
  void errorsOfEachRowAndOfAllAreThoseByHand() {
    var head = forecasting(List.of("a"), Relative.LAST, Regression.SQUARED);
    var score = score(model(head, scaling(3, 2), List.of(2.5)), series(ONE), 2, 1);
    assertThat(score.origins()).isEqualTo(3);
    double[] errors = {1, 2, 4, 3, 6, 2}; // of the first row of all origins, then of the second
    double[] sizes = {3, 6, 12, 5, 10, 10};
    for (int row = -1; row < 2; row++) { // -1: the whole horizon
      int from = Math.max(0, row);
      int to = row < 0 ? 2 : row + 1;
      double absolute = 0;
      double squared = 0;
      double symmetric = 0;
      int count = 3 * (to - from);
      for (int i = 3 * from; i < 3 * to; i++) {
        absolute += errors[i] / count;
        squared += errors[i] * errors[i] / count;
        symmetric += 200 * errors[i] / sizes[i] / count;
      }
      var measures = score.measures(from, to);
      assertThat(measures.mae()).isCloseTo(absolute, within(1e-6));
      assertThat(measures.rmse()).isCloseTo(Math.sqrt(squared), within(1e-6));
      assertThat(measures.smape()).isCloseTo(symmetric, within(1e-5));
      assertThat(measures.mase()).isCloseTo(absolute / 2.5, within(1e-6));
      assertThat(measures.standardized()).isCloseTo(squared / 4, within(1e-6));
      assertThat(measures.coverage()).isNaN();
      assertThat(measures.width()).isNaN();
    }
    assertThat(score.measures(0, 2).mae()).isCloseTo(3, within(1e-6));
    assertThat(score.measures(0, 2).rmse()).isCloseTo(Math.sqrt(70 / 6.0), within(1e-6));
    assertThat(score.ofTarget(0)).isEqualTo(score.measures(0, 2));
  }

  /** With a season of 2: 5, 1 of 2, 4; 1, 2 of 4, 8; 2, 4 of 8, 6. */
  @Example
  void theSeasonalNaiveForecastIsMeasuredAlike() {
    var head = forecasting(List.of("a"), Relative.LAST, Regression.SQUARED);
    var score = score(model(head, scaling(3, 2), List.of(2.5)), series(ONE), 2, 1);
    var naive = score.naive(0, 2);
    assertThat(naive.mae()).isCloseTo((3 + 3 + 3 + 6 + 6 + 2) / 6.0, within(1e-12));
    assertThat(naive.rmse()).isCloseTo(Math.sqrt((9 + 9 + 9 + 36 + 36 + 4) / 6.0), within(1e-12));
    assertThat(naive.mase()).isCloseTo(23 / 6.0 / 2.5, within(1e-12));
    double symmetric = 3 / 7.0 + 3 / 5.0 + 3 / 5.0 + 6 / 10.0 + 6 / 10.0 + 2 / 10.0;
    assertThat(naive.smape()).isCloseTo(200 * symmetric / 6, within(1e-12));
    assertThat(score.naive(1, 2).mae()).isCloseTo((3 + 6 + 2) / 3.0, within(1e-12));
  }

  /** 1, 1 of 2, 4; 2, 2 of 4, 8; 4, 4 of 8, 6. */
  @Example
  void theLastNumberAgainIsMeasuredAlike() {
    var head = forecasting(List.of("a"), Relative.NOTHING, Regression.SQUARED);
    var score = score(model(head, scaling(3, 2), List.of(2.5)), series(ONE), 2, 1);
    var last = score.last(0, 2);
    assertThat(last.mae()).isCloseTo((1 + 3 + 2 + 6 + 4 + 2) / 6.0, within(1e-12));
    assertThat(last.rmse()).isCloseTo(Math.sqrt(70 / 6.0), within(1e-12));
    assertThat(last.standardized()).isCloseTo(70 / 6.0 / 4, within(1e-12));
    assertThat(score.last(1, 2).mae()).isCloseTo((3 + 6 + 2) / 3.0, within(1e-12));
  }

  /** Ten billion deviations from the mean floats lie a thousand apart; forecasts do not. */
  @Example
  void aLevelFarFromTheTrainingPartKeepsItsDigits() {
    for (boolean recursive : new boolean[] {false, true}) {
      var forecasting =
          new ForecastSpec(
              List.of("a"),
              List.of(),
              List.of(),
              new ForecastSpec.Window(2, 2, 1),
              Relative.LAST,
              recursive,
              false,
              Regression.SQUARED);
      double[] far = Arrays.stream(ONE).map(value -> value + 1e10).toArray();
      var score = score(model(forecasting, scaling(3, 1), List.of(2.5)), series(far), 2, 1);
      assertThat(score.measures(0, 2).mae()).isCloseTo(3, within(1e-5));
    }
  }

  @Example
  void aForecastThatIsNotFiniteIsRefused() {
    var head = forecasting(List.of("a"), Relative.NOTHING, Regression.SQUARED);
    var model = model(head, scaling(3, 2), List.of(2.5), Float.NaN);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> model.forecast(series(ONE)))
        .withMessageContaining("s: the forecast from row 7 on is not a finite number");
  }

  /** Where both are zero nothing is wrong. */
  @Example
  void zerosCountAsRightInPercentages() {
    var head = forecasting(List.of("a"), Relative.LAST, Regression.ABSOLUTE);
    double[] zeros = {0, 0, 0, 1};
    var score = score(model(head, scaling(0, 1), List.of(0.0)), series(zeros), 0, 1);
    assertThat(score.origins()).isEqualTo(1);
    assertThat(score.measures(0, 2).smape()).isEqualTo(100);
    assertThat(score.measures(0, 1).smape()).isZero();
    assertThat(score.measures(0, 2).mase()).isNaN(); // the naive forecast makes no error
  }

  @Example
  void origins() {
    var head = forecasting(List.of("a"), Relative.LAST, Regression.SQUARED);
    var model = model(head, scaling(3, 2), List.of(2.5));
    var second = score(model, series(ONE), 2, 2); // from rows 2 and 4 on
    assertThat(second.origins()).isEqualTo(2);
    assertThat(second.measures(0, 2).mae()).isCloseTo((1 + 3 + 4 + 2) / 4.0, within(1e-6));
    assertThat(score(model, series(ONE), 4, 9).measures(0, 2).mae()).isCloseTo(3, within(1e-6));
    for (int first : new int[] {5, 6}) {
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(() -> score(model, series(ONE), first, 1))
          .withMessageContaining("nothing can be measured on 6 rows, from row " + (first + 1));
    }
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> score(model, series(new double[] {1, 2, 3}), 0, 1))
        .withMessageContaining("a horizon of 2 need more");
  }

  /** From row 2 on the second number is measured, where the first is not known. */
  @Example
  void originsCountWhereTheFirstNumberIsMissing() {
    var head = forecasting(List.of("a"), Relative.LAST, Regression.SQUARED).withMask(true);
    double[] gap = ONE.clone();
    gap[2] = Double.NaN;
    var score = score(model(head, scaling(3, 2), List.of(2.5)), series(gap), 2, 1);
    assertThat(score.origins()).isEqualTo(3);
    assertThat(score.measures(0, 2).mae()).isCloseTo((3 + 3 + 7 + 4 + 2) / 5.0, within(1e-6));
  }

  @Example
  void aStrideIsOneRowOrMore() {
    var head = forecasting(List.of("a"), Relative.LAST, Regression.SQUARED);
    var model = model(head, scaling(3, 2), List.of(2.5));
    for (int stride = -1; stride < 1; stride++) {
      int rows = stride;
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(() -> score(model, series(ONE), 2, rows))
          .withMessageContaining("a stride of " + rows);
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(() -> Backtest.ofOne(model, series(ONE), 2, rows, Workers.single()))
          .withMessageContaining("a stride of " + rows);
    }
  }

  @Example
  void columnsAreFoundByTheirNames() {
    var head = forecasting(List.of("a"), Relative.LAST, Regression.SQUARED);
    var model = model(head, scaling(3, 2), List.of(2.5));
    double[][] rows = new double[ONE.length][];
    Arrays.setAll(rows, t -> new double[] {100 * t, ONE[t]});
    var all = List.of(new Series("s", List.of("other", "a"), rows));
    var score = Backtest.of(model, all, Workers.single());
    assertThat(score.measures(0, 2)).isEqualTo(score(model, series(ONE), 2, 1).measures(0, 2));
  }

  /** Each target has a unit of its own; MASE and standardized errors are means over both. */
  @Example
  void severalTargetsCountAlike() {
    var head = forecasting(List.of("a", "b"), Relative.LAST, Regression.SQUARED);
    double[] other = {10, 20, 10, 40, 10, 10};
    var scaling = new Standardization(List.of(3.0, 20.0), List.of(2.0, 10.0));
    var model = model(head, scaling, List.of(2.5, 20.0));
    var score = score(model, series(ONE, other), 4, 1); // 4, 4 of 8, 6 and 40, 40 of 10, 10
    assertThat(score.ofTarget(0).mae()).isCloseTo(3, within(1e-5));
    assertThat(score.ofTarget(1).mae()).isCloseTo(30, within(1e-5));
    assertThat(score.naiveOfTarget(1).mae()).isCloseTo((0 + 30) / 2.0, within(1e-12));
    var both = score.measures(0, 2);
    assertThat(both.mae()).isCloseTo(66 / 4.0, within(1e-5));
    assertThat(both.mase()).isCloseTo((6 / 2.5 + 60 / 20.0) / 4, within(1e-5));
    assertThat(both.standardized()).isCloseTo(((16 + 4) / 4.0 + 1800 / 100.0) / 4, within(1e-5));
  }

  /** σ is softplus(0) and a thousandth, in deviations of 2: intervals of ± 1.7792 around 3. */
  @Example
  void intervalsOfANormalDistribution() {
    var head = forecasting(List.of("a"), Relative.NOTHING, new Regression.Gaussian());
    var model = model(head, scaling(3, 2), List.of(2.5));
    double half = 1.2815515655446004 * 2 * (Math.log(2) + 0.001);
    assertThat(half).isCloseTo(1.7792, within(1e-4));
    var measures = score(model, series(ONE), 2, 1, 0.1, 0.9).measures(0, 2);
    assertThat(measures.width()).isCloseTo(2 * half, within(1e-5));
    assertThat(measures.coverage()).isCloseTo(3 / 6.0, within(1e-12)); // 2, 4, 4 of 2 4 4 8 8 6
    assertThat(measures.mae()).isCloseTo((1 + 1 + 1 + 5 + 5 + 3) / 6.0, within(1e-6));
  }

  /** Quantiles of -0.5, 0.25 and 2.5 deviations of 2 around 3: 2 … 8, ends included. */
  @Example
  void intervalsBetweenQuantilesHoldTheirEnds() {
    var head =
        forecasting(
            List.of("a"), Relative.NOTHING, new Regression.Quantiles(List.of(0.1, 0.5, 0.9)));
    var model = model(head, scaling(3, 2), List.of(2.5), -0.5f, 0.25f, 2.5f);
    var all = score(model, series(ONE), 2, 1, 0.1, 0.9).measures(0, 2);
    assertThat(all.width()).isCloseTo(6, within(1e-6));
    assertThat(all.coverage()).isEqualTo(1);
    assertThat(all.mae()).isCloseTo((1.5 + 0.5 + 0.5 + 4.5 + 4.5 + 2.5) / 6, within(1e-6));
    var upper = score(model, series(ONE), 2, 1, 0.5, 0.9).measures(0, 2); // 3.5 … 8
    assertThat(upper.width()).isCloseTo(4.5, within(1e-6));
    assertThat(upper.coverage()).isCloseTo(5 / 6.0, within(1e-12));
    assertThat(score(model, series(ONE), 4, 1, 0.1, 0.5).measures(0, 2).coverage()).isZero();
  }
}
