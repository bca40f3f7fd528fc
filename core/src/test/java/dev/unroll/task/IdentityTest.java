package dev.unroll.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.data.Condition;
import dev.unroll.data.Series;
import dev.unroll.model.Forecaster;
import dev.unroll.network.Network;
import dev.unroll.network.Regression;
import dev.unroll.network.Relative;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.task.forecast.ForecasterRun;
import dev.unroll.task.lm.LanguageModelRun;
import dev.unroll.train.Objective;
import dev.unroll.train.Schedule;
import dev.unroll.train.TinyText;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.WeightDecay;
import dev.unroll.train.optimizer.Adagrad;
import dev.unroll.train.optimizer.RmsProp;
import dev.unroll.train.optimizer.Sgd;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What decides the bits of a run, as text: the texts of version 0.2.0, literally. If one changes,
 * runs and models of that version can neither be resumed nor verified.
 */
class IdentityTest {

  private static final Training PLAIN = Training.defaults();

  private static Arguments of(Training options, String name, Object text) {
    return Arguments.of(options, name, text);
  }

  static List<Arguments> options() {
    return List.of(
        of(PLAIN, "optimizer", "Adam[rate=0.002, beta1=0.9, beta2=0.999, epsilon=1.0E-8]"),
        of(
            PLAIN.withOptimizer(new Sgd(1, 0.9, true)),
            "optimizer",
            "Sgd[rate=1.0, momentum=0.9, nesterov=true]"),
        of(
            PLAIN.withOptimizer(new RmsProp(0.01, 0.99, 1e-8, 0)),
            "optimizer",
            "RmsProp[rate=0.01, alpha=0.99, epsilon=1.0E-8, momentum=0.0]"),
        of(
            PLAIN.withOptimizer(new Adagrad(0.01, 1e-10)),
            "optimizer",
            "Adagrad[rate=0.01, epsilon=1.0E-10]"),
        of(PLAIN, "weight decay", "WeightDecay[value=0.0, decoupled=false]"),
        of(
            PLAIN.withWeightDecay(new WeightDecay(0.01, true)),
            "weight decay",
            "WeightDecay[value=0.01, decoupled=true]"),
        of(PLAIN, "schedule", "Cosine[finalShare=0.05]"),
        of(PLAIN.withSchedule(new Schedule.Constant(), 0), "schedule", "Constant[]"),
        of(
            PLAIN.withSchedule(new Schedule.Plateau(0.5, 2), 0),
            "schedule",
            "Plateau[decay=0.5, patience=2]"),
        of(
            PLAIN.withSchedule(new Schedule.Step(0.5, 4, 1), 0),
            "schedule",
            "Step[decay=0.5, after=4, every=1]"),
        of(
            PLAIN.withSchedule(new Schedule.OneCycle(0.3, 0.1, 0.01), 0),
            "schedule",
            "OneCycle[rise=0.3, initialShare=0.1, finalShare=0.01]"),
        of(
            PLAIN.withSchedule(new Schedule.Exponential(0.1, 10), 0),
            "schedule",
            "Exponential[first=0.1, last=10.0]"),
        of(
            PLAIN.withObjective(new Objective(0.1, 2, 1)),
            "objective",
            "Objective[labelSmoothing=0.1, activationPenalty=2.0, temporalPenalty=1.0]"));
  }

  @ParameterizedTest
  @MethodSource("options")
  void anOptionHasTheTextOfItsOwnKeys(Training options, String name, String text) {
    assertThat(options.describe()).containsEntry(name, text);
  }

  @Test
  void allOptionsHaveTheirNamesAndOrder() {
    assertThat(PLAIN.describe().keySet())
        .containsExactly(
            "optimizer",
            "weight decay",
            "schedule",
            "warm-up",
            "epochs",
            "batch",
            "steps",
            "random steps",
            "reset states",
            "accumulate",
            "clip norm",
            "clip value",
            "objective",
            "reading",
            "validate every",
            "patience",
            "average after",
            "seed",
            "checkpoint steps");
  }

  @Test
  void aConditionHasTheTextOfItsOwnKeys() {
    assertThat(Condition.ofLabels(List.of("Irish", "Dutch"), Condition.Place.STEPS).describe())
        .isEqualTo("Condition[labels=[Irish, Dutch], inputs=2, place=STEPS]");
    assertThat(new Condition(List.of(), 3, Condition.Place.START).describe())
        .isEqualTo("Condition[labels=[], inputs=3, place=START]");
  }

  /** What targets are relative to, and what the model is measured by, depend on it. */
  @Test
  void aForecasterOfAnotherSeasonIsAnotherRun() {
    double[][] rows = new double[40][1];
    for (int t = 0; t < rows.length; t++) {
      rows[t][0] = t % 7;
    }
    var series = List.of(new Series("s", List.of("x"), rows));
    var window = new ForecastSpec.Window(6, 4, 1);
    var spec =
        new ForecastSpec(
            List.of("x"),
            List.of(),
            List.of(),
            window,
            Relative.SEASON,
            false,
            false,
            Regression.SQUARED);
    var runs = new ArrayList<ForecasterRun>();
    for (int season = 2; season <= 3; season++) {
      var parts = new ForecasterRun.Parts(series, series, season);
      runs.add(new ForecasterRun(spec, Network.gru(4), parts, PLAIN, RunOutput.NOTHING));
    }
    assertThat(runs.getFirst().identity()).isNotEqualTo(runs.getLast().identity());
    var made = new Forecaster(runs.getFirst().run(TrainingListener.NONE));
    assertThat(runs.getFirst().endsWith(made)).isTrue();
    assertThat(runs.getLast().endsWith(made)).isFalse();
  }

  @Test
  void theIdentityOfALanguageModelHasTheKeysAndTextsOfItsOrder() {
    var run = LanguageModelRun.of(TinyText.sample(), 0.1, Network.lstm(6), PLAIN);
    assertThat(run.identity())
        .containsEntry("vocabulary", "29 tokens")
        .containsEntry("training text", run.inputs().get("training"));
    assertThat(run.identity().keySet())
        .startsWith(
            "version", "training text", "validation text", "vocabulary", "tokenizer", "network");
  }
}
