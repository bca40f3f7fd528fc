package dev.unroll.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.batch.Standardization;
import dev.unroll.data.Provenance;
import dev.unroll.data.Series;
import dev.unroll.file.Json;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.learn.Learner;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import dev.unroll.network.Regression;
import dev.unroll.network.Relative;
import dev.unroll.store.ModelFile;
import dev.unroll.task.RunOutput;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.task.forecast.ForecastWindows;
import dev.unroll.task.forecast.ForecasterFields;
import dev.unroll.task.forecast.ForecasterLearner;
import dev.unroll.task.forecast.ForecasterRun;
import dev.unroll.task.forecast.SeasonalNaive;
import dev.unroll.tasks.ForecastVerdict;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.optimizer.Adam;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Forecasts of waves: windows and their gradients, every way of forecasting, measures. */
class ForecasterTest {

  private static final List<String> COLUMNS = List.of("a", "b", "seen", "known");

  private static Series waves(int size) {
    var random = CounterRandom.of(5, CounterRandom.Purpose.SAMPLING, 0);
    double[][] rows = new double[size][4];
    for (int t = 0; t < size; t++) {
      double known = random.gaussian(t) > 0 ? 1 : 0;
      rows[t][0] = 100 + 10 * Math.sin(2 * Math.PI * t / 8) + 5 * known;
      rows[t][1] = -3 + Math.cos(2 * Math.PI * t / 8) + 0.1 * random.gaussian(5000L + t);
      rows[t][2] = random.gaussian(1000L + t);
      rows[t][3] = known;
    }
    return new Series("waves", COLUMNS, rows);
  }

  private static ForecastSpec forecasting(
      List<String> known, Relative relative, boolean recursive, boolean each) {
    return new ForecastSpec(
        List.of("a", "b"),
        recursive ? List.of() : List.of("seen"),
        known,
        new ForecastSpec.Window(8, 4, 2),
        relative,
        recursive,
        each,
        Regression.SQUARED);
  }

  @Provide
  Arbitrary<ForecastSpec> forecastings() {
    var known = Arbitraries.of(List.<String>of(), List.of("known"));
    return Combinators.combine(
            known,
            Arbitraries.of(Relative.values()),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false))
        .as(ForecasterTest::forecasting);
  }

  private static Network layers(ForecastSpec forecasting) {
    Network layers = Network.of(Cells.of("gru"), 5);
    return forecasting.perTarget() ? layers.withEmbedding(2) : layers;
  }

  @Property(tries = 32)
  void gradientsAreThoseOfTheLoss(
      @ForAll("forecastings") ForecastSpec whole, @ForAll boolean masked) {
    ForecastSpec forecasting = whole.withMask(masked);
    var network = ForecasterFields.network(layers(forecasting), forecasting);
    Series series = waves(30).select(forecasting.columns());
    double[] values = Standardization.of(List.of(series)).standardized(series);
    for (int i = 2; masked && i < values.length; i += 5) {
      values[i] = Double.NaN;
    }
    var origins = List.of(new ForecastWindows.Origin(0, 8), new ForecastWindows.Origin(0, 13));
    var windows = new ForecastWindows(forecasting, 3, List.of(values), origins);
    var options = Training.defaults().withBatch(8, 1);
    var learner = new ForecasterLearner(network, windows, windows, options);
    float[] parameters = network.initialize(3);
    float[] gradients = new float[parameters.length];
    var random = CounterRandom.of(1, CounterRandom.Purpose.DROPOUT, 0);
    var step = new Learner.Step(0, 0, 1, random);
    double loss = learner.lossAndGradient(parameters, step, gradients, Workers.single()).mean();
    assertThat(learner.validate(parameters, Workers.single()).loss())
        .isCloseTo(loss, within(1e-5 * Math.max(1, loss)));
    for (int i = 0; i < parameters.length; i += 1 + parameters.length / 40) {
      float kept = parameters[i];
      float h = 0.01f;
      parameters[i] = kept + h;
      double above = learner.validate(parameters, Workers.single()).loss();
      parameters[i] = kept - h;
      double below = learner.validate(parameters, Workers.single()).loss();
      parameters[i] = kept;
      double difference = (above - below) / (2 * h);
      assertThat((double) gradients[i])
          .isCloseTo(difference, within(2e-3 * Math.max(1, Math.abs(difference))));
    }
  }

  @Example
  void everyWayLearnsTheWaves() {
    Series series = waves(400);
    for (boolean recursive : new boolean[] {true, false}) {
      var forecasting = forecasting(List.of("known"), Relative.NOTHING, recursive, false);
      Forecaster model = train(series, forecasting);
      var score = Backtest.of(model, series, 320, 1, List.of(), Workers.single()).measures(0, 4);
      assertThat(score.mae()).isLessThan(0.8);
      assertThat(score.mase()).isLessThan(0.5);
    }
  }

  private static Forecaster train(Series series, ForecastSpec forecasting) {
    var options =
        Training.defaults()
            .withOptimizer(new Adam(0.01))
            .withBatch(16, 1)
            .withEpochs(20)
            .withThreads(2);
    return Forecaster.train(series, forecasting, Network.of(Cells.of("gru"), 16), 8, options);
  }

  /** What is drawn has the distribution that the outputs say, where one step says it all. */
  @Example
  void drawnPathsAgreeWithTheDistribution() {
    var forecasting =
        new ForecastSpec(
            List.of("seen"),
            List.of(),
            List.of(),
            new ForecastSpec.Window(4, 1, 1),
            Relative.NOTHING,
            true,
            false,
            new Regression.Gaussian());
    Forecaster recursive = train(waves(300), forecasting);
    List<Double> levels = List.of(0.1, 0.9);
    int[] origins = IntStream.range(250, 300).toArray();
    var found = recursive.numbers(waves(300), origins, levels, Workers.single());
    double inside = 0;
    for (int i = 0; i < origins.length; i++) {
      double low = found.get(i).quantiles()[0][0][0];
      double high = found.get(i).quantiles()[1][0][0];
      double width = (high - low) / 2 / 1.2815515655446004;
      inside += width / origins.length; // noise with deviation 1
      assertThat(found.get(i).points()[0][0]).isBetween(low, high);
    }
    assertThat(inside).isCloseTo(1, within(0.15));
  }

  @Example
  void eachForecastIsTheSameAsAlone() {
    var forecasting = forecasting(List.of("known"), Relative.WINDOW, false, true);
    var network = ForecasterFields.network(layers(forecasting), forecasting);
    Series series = waves(200).select(forecasting.columns());
    var content =
        new ForecasterFields(
            network, forecasting, Standardization.of(List.of(series)), 8, List.of(1.0, 1.0));
    var model = new Forecaster(new ModelFile<>(content, network.initialize(2), Provenance.NONE));
    int[] origins = IntStream.range(8, 190).toArray();
    try (var workers = new Workers(3)) {
      var together = model.numbers(series, origins, List.of(), workers);
      for (int i = 0; i < origins.length; i += 37) {
        int[] alone = {origins[i]};
        double[][] one =
            model.numbers(series, alone, List.of(), Workers.single()).getFirst().points();
        assertThat(Arrays.deepEquals(one, together.get(i).points())).isTrue();
      }
    }
  }

  @Example
  void measuresAreThoseOfTheDefinitions() {
    double[][] rows = {{1}, {2}, {4}, {8}, {10}};
    var series = new Series("s", List.of("a"), rows);
    assertThat(SeasonalNaive.forecast(series, 3, 0, 0, 2)).isEqualTo(2);
    assertThat(SeasonalNaive.forecast(series, 3, 1, 0, 2)).isEqualTo(4);
    assertThat(SeasonalNaive.forecast(series, 3, 1, 0, 1)).isEqualTo(4);
    assertThat(SeasonalNaive.errors(List.of(series), 1, 2)).containsExactly((3 + 6 + 6) / 3.0);
  }

  /** With what is read beforehand and without: no row of it may be missing. */
  @Example
  void aForecastNeedsTheRowsBeforeIt() {
    for (boolean masked : new boolean[] {false, true}) {
      var forecasting = forecasting(List.of(), Relative.WINDOW, false, false).withMask(masked);
      var network = ForecasterFields.network(layers(forecasting), forecasting);
      Series series = waves(30).select(forecasting.columns());
      var scaling = Standardization.of(List.of(series));
      var content = new ForecasterFields(network, forecasting, scaling, 8, List.of(1.0, 1.0));
      var model = new Forecaster(new ModelFile<>(content, network.initialize(2), Provenance.NONE));
      var all = Series.Timed.of(series);
      assertThat(model.forecast(all, List.of(30), List.of(), Workers.single())).hasSize(1);
      for (int origin : new int[] {-1, 7, 31, Integer.MAX_VALUE - 1}) {
        assertThatExceptionOfType(InputException.class)
            .isThrownBy(() -> model.forecast(all, List.of(origin), List.of(), Workers.single()))
            .withMessageContaining("waves: a forecast from row");
      }
    }
  }

  /** As large, and as close together, as a series may be. */
  @Example
  void modelsOfLargeAndSmallNumbersOpenAgain() {
    var forecasting = forecasting(List.of(), Relative.WINDOW, false, false);
    for (double unit : new double[] {1e60, 1e-250}) {
      Series series = waves(60).select(forecasting.columns());
      for (double[] row : series.rows()) {
        Arrays.setAll(row, column -> unit * row[column]);
      }
      var data = new ForecasterRun.Parts(List.of(series), List.of(series.rows(30, 60)), 4);
      var options = Training.defaults().withEpochs(1).withBatch(8, 1);
      var run =
          new ForecasterRun(forecasting, layers(forecasting), data, options, RunOutput.NOTHING);
      var model = new Forecaster(run.run(TrainingListener.NONE));
      var bytes = new ByteArrayOutputStream();
      model.save(bytes);
      var again = Forecaster.open(new ByteArrayInputStream(bytes.toByteArray()));
      assertThat(again.naiveErrors()).isEqualTo(model.naiveErrors());
      assertThat(again.forecast(series)).isEqualTo(model.forecast(series));
    }
  }

  @Example
  void whatCannotBeForecastIsRefused() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> train(waves(9), forecasting(List.of(), Relative.LAST, false, false)))
        .withMessageContaining("too few");
    double[][] rows = waves(200).rows();
    for (double[] row : rows) {
      row[2] = 7;
    }
    var constant = new Series("s", COLUMNS, rows);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> train(constant, forecasting(List.of(), Relative.LAST, false, false)))
        .withMessageContaining("column seen has the same number, 7.0");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(
            () ->
                new ForecastSpec(
                    List.of("a"),
                    List.of("seen"),
                    List.of(),
                    new ForecastSpec.Window(8, 4, 1),
                    Relative.LAST,
                    true,
                    false,
                    Regression.SQUARED))
        .withMessageContaining("neither known nor forecast");
  }

  /** What is missing is read as missing, and nothing else depends on it. */
  @Example
  void whatIsMissingIsNoNumber() {
    var forecasting = forecasting(List.of(), Relative.WINDOW, false, false).withMask(true);
    Series series = waves(60).select(forecasting.columns());
    for (int row = 3; row < 60; row += 7) {
      series.rows()[row][row % 3] = Double.NaN;
    }
    var data = new ForecasterRun.Parts(List.of(series), List.of(series.rows(30, 60)), 4);
    var options = Training.defaults().withEpochs(2).withBatch(8, 1);
    var run = new ForecasterRun(forecasting, layers(forecasting), data, options, RunOutput.NOTHING);
    var model = new Forecaster(run.run(TrainingListener.NONE));
    assertThat(model.provenance().validationLoss()).isFinite();
    assertThat(model.naiveErrors()).allMatch(Double::isFinite);
    var again =
        new ForecasterRun(forecasting, layers(forecasting), data, options, RunOutput.NOTHING);
    assertThat(new Forecaster(again.run(TrainingListener.NONE)).provenance().validationLoss())
        .isEqualTo(model.provenance().validationLoss());
    assertThat(model.forecast(series).origin()).isEqualTo(60);
    assertThat(Backtest.of(model, series, 20, 1, List.of(), Workers.single()).measures(0, 4).mae())
        .isFinite();
    assertThat(ForecastVerdict.of(again, model, Workers.single()).network()).isFinite();
    assertThat(ForecastSpec.fromJson(Json.parse(Json.write(forecasting.toJson()))))
        .isEqualTo(forecasting);
  }

  /** The outputs of a step are found where the network put them. */
  @Example
  void outputsLieWhereTheyAreRead() {
    var forecasting = forecasting(List.of("known"), Relative.NOTHING, false, false);
    double[] values = new double[24 * 4];
    var windows =
        new ForecastWindows(
            forecasting, 1, List.of(values), List.of(new ForecastWindows.Origin(0, 8)));
    var steps = windows.batch(new int[] {0}).steps();
    assertThat(steps.rows()).isEqualTo(6);
    var places = new ArrayList<Integer>();
    var outputs = Matrix.of(new float[24], 6, 4);
    windows.forEach(0, outputs, steps, (row, j, offset) -> places.add(offset));
    assertThat(places).containsExactly(16, 17, 18, 19, 20, 21, 22, 23);
  }
}
