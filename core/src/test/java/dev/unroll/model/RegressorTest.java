package dev.unroll.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.batch.SourceReader;
import dev.unroll.data.NumberLexicon;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Slice;
import dev.unroll.learn.Checkpoints;
import dev.unroll.learn.Learner;
import dev.unroll.network.Network;
import dev.unroll.result.RegressionScore;
import dev.unroll.task.RunOutput;
import dev.unroll.task.regress.RegressorRun;
import dev.unroll.task.regress.RegressorRun.Example;
import dev.unroll.tasks.Tasks;
import dev.unroll.train.Objective;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.optimizer.Adam;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegressorTest {

  private static final SourceReader TOKENS = SourceReader.ofText(new NumberLexicon(9));
  private static final TrainingListener NONE = TrainingListener.NONE;
  private static final Network LAYERS = Network.gru(8).withDirection(Direction.BOTH);
  private static final Training OPTIONS =
      Training.defaults().withOptimizer(new Adam(0.02)).withBatch(16, 64).withEpochs(6);

  /** Texts of 1 to 5 tokens, with 100 + the sum of their digits. */
  private static List<Example> sums(int count, int seed) {
    var random = new Random(seed);
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              int[] digits = random.ints(1 + random.nextInt(5), 2, 9).toArray();
              return new Example(text(digits, Integer::toString), 100 + IntStream.of(digits).sum());
            })
        .toList();
  }

  private static String text(int[] digits, IntFunction<String> written) {
    return IntStream.of(digits).mapToObj(written).collect(Collectors.joining(" "));
  }

  private static List<String> sources(List<Example> examples) {
    return examples.stream().map(Example::source).toList();
  }

  private static RegressorRun run(List<Example> training, Training options) {
    return run(training, options, RunOutput.NOTHING);
  }

  private static RegressorRun run(List<Example> training, Training options, RunOutput output) {
    return new RegressorRun(LAYERS, TOKENS, List.of(training, sums(40, 2)), options, output);
  }

  @Test
  void aModelOfTextLearnsAndBeatsTheMean() {
    var regressor = Regressor.train(sums(600, 1), TOKENS, LAYERS, OPTIONS);
    var report = regressor.evaluate(sums(100, 3), Workers.single());
    assertThat(report.score().r2()).isGreaterThan(0.95);
    assertThat(report.baseline().r2()).isCloseTo(0, within(0.05));
    assertThat(report.score().mae()).isLessThan(report.baseline().mae() / 4);
    assertThat(regressor.predict("2 3 4")).isCloseTo(109, within(2.0));
  }

  @Test
  void aModelOfNumbersLearnsAndBeatsTheMean() {
    var examples =
        sums(400, 1).stream()
            .map(each -> new Example(each.source().replace(" ", ",1 ") + ",1", each.value()))
            .toList();
    var reader = SourceReader.ofNumbers(sources(examples));
    var regressor = Regressor.train(examples, reader, LAYERS, OPTIONS.withEpochs(12));
    var report = regressor.evaluate(examples, Workers.single());
    assertThat(report.score().r2()).isGreaterThan(0.95);
    assertThatThrownBy(() -> regressor.predict("1,1 2"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("step 2");
  }

  /** The example of scikit-learn's documentation of r2_score, and its special cases. */
  @Test
  void measuresAreThoseOfScikitLearn() {
    var score = RegressionScore.of(new double[] {3, -0.5, 2, 7}, new double[] {2.5, 0, 2, 8});
    assertThat(score.mae()).isEqualTo(0.5);
    assertThat(score.mse()).isEqualTo(0.375);
    assertThat(score.rmse()).isCloseTo(0.6123724356957945, within(1e-15));
    assertThat(score.r2()).isCloseTo(0.9486081370449679, within(1e-15));
    double[] right = {1, 2, 3};
    assertThat(RegressionScore.of(right, right).r2()).isEqualTo(1);
    assertThat(RegressionScore.of(right, new double[] {2, 2, 2}).r2()).isZero();
    assertThat(RegressionScore.of(right, new double[] {3, 2, 1}).r2()).isEqualTo(-3);
    assertThat(RegressionScore.of(new double[] {0.1, 0.1, 0.1}, right).r2()).isNaN();
    assertThatThrownBy(() -> RegressionScore.of(right, new double[2]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The mean of the training part is said without being told, before anything is learned. */
  @Test
  void theLossIsTheSquaredErrorOfStandardizedNumbers() {
    var run = run(sums(40, 1), OPTIONS);
    float[] nothing = new float[run.size()];
    double loss = run.learner().validate(nothing, Workers.single()).loss();
    double[] right = run.validation().stream().mapToDouble(Example::value).toArray();
    double mean = run.training().stream().mapToDouble(Example::value).average().orElseThrow();
    double[] said = right.clone();
    Arrays.fill(said, mean);
    assertThat(run.rmse(loss)).isCloseTo(RegressionScore.of(right, said).rmse(), within(1e-5));
  }

  @Test
  void theGradientIsThatOfTheLoss() {
    var run = run(sums(5, 1), OPTIONS);
    Learner learner = run.learner();
    float[] parameters = learner.initialize(3);
    float[] gradients = new float[parameters.length];
    meanLoss(learner, parameters, gradients);
    for (Slice slice : run.fields().layout().slices()) {
      int at = slice.offset() + slice.size() / 2;
      double kept = parameters[at];
      double step = 1e-2;
      parameters[at] = (float) (kept + step);
      double above = meanLoss(learner, parameters, new float[gradients.length]);
      parameters[at] = (float) (kept - step);
      double below = meanLoss(learner, parameters, new float[gradients.length]);
      parameters[at] = (float) kept;
      assertThat((double) gradients[at])
          .as(slice.name())
          .isCloseTo((above - below) / (2 * step), within(1e-3));
    }
  }

  private static double meanLoss(Learner learner, float[] parameters, float[] gradients) {
    var step = new Learner.Step(0, 0, 1, CounterRandom.of(1, CounterRandom.Purpose.DROPOUT, 0));
    return learner.lossAndGradient(parameters, step, gradients, Workers.single()).mean();
  }

  @Test
  void valuesInOtherUnitsGiveTheSameModelInThoseUnits() {
    var one = run(sums(60, 1), OPTIONS.withEpochs(1)).run(NONE);
    var scaled =
        sums(60, 1).stream().map(each -> new Example(each.source(), 4 * each.value())).toList();
    var other = run(scaled, OPTIONS.withEpochs(1)).run(NONE);
    double expected = 4 * new Regressor(one).predict("5 6");
    assertThat(new Regressor(other).predict("5 6")).isCloseTo(expected, within(1e-3));
  }

  @Test
  void eachSourceHasTheBitsOfBeingAloneOnAnyNumberOfThreads() {
    var regressor = new Regressor(run(sums(60, 1), OPTIONS.withEpochs(1)).run(NONE));
    List<String> sources = sources(sums(900, 4)); // enough for a batch to be read by one thread
    try (var workers = new Workers(3)) {
      assertThat(regressor.predict(sources, workers))
          .isEqualTo(sources.stream().map(regressor::predict).toList());
    }
  }

  @Test
  void aModelThatIsSavedAndOpenedIsTheSameInAnyPrecision(@TempDir Path folder) {
    var numbers = SourceReader.ofNumbers(List.of("1,2 3,5"));
    var examples = List.of(new Example("1,2 3,4", 1), new Example("5,6", 2));
    var run =
        new RegressorRun(LAYERS, numbers, List.of(examples, examples), OPTIONS, RunOutput.NOTHING);
    for (var file : List.of(run(sums(60, 1), OPTIONS.withEpochs(1)).run(NONE), run.run(NONE))) {
      var regressor = new Regressor(file);
      String source = file.fields().source().tokens() == null ? "0,1 2,2" : "2 3 4";
      for (Regressor each : List.of(regressor, regressor.withPrecision(Precision.INT8))) {
        Path place = folder.resolve("m.safetensors");
        each.save(place);
        var opened = Regressor.open(place);
        assertThat(opened.predict(source)).isEqualTo(each.predict(source));
        assertThat(opened.summary()).hasToString(each.summary().toString());
        assertThat(opened.provenance()).isEqualTo(regressor.provenance());
        assertThat(Tasks.open(place)).isInstanceOf(Regressor.class);
      }
      assertThat(regressor.withPrecision(Precision.INT8).predict(source))
          .isNotEqualTo(regressor.predict(source));
    }
  }

  @Test
  void aRunThatWasStoppedResumesToTheSameBits(@TempDir Path folder) {
    var whole = run(sums(60, 1), OPTIONS).run(NONE);
    var stop =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            if (report.step() == 7) {
              throw new AssertionError("stopped");
            }
          }
        };
    assertThatThrownBy(() -> kept(folder, stop)).hasMessage("stopped");
    assertThat(kept(folder, NONE)).isEqualTo(whole.parameters());
  }

  private static float[] kept(Path folder, TrainingListener listener) {
    var every = new Checkpoints.Interval(2, Duration.ZERO);
    try (var checkpoints = Checkpoints.open(folder.resolve("run"), every, () -> 0)) {
      var output = new RunOutput(List.of(), false, null, checkpoints);
      return run(sums(60, 1), OPTIONS, output).run(listener).parameters();
    }
  }

  @Test
  void whatCannotBeUsedIsRefused() {
    assertThatThrownBy(() -> new Example("2", Double.NaN)).hasMessageContaining("value is NaN");
    assertThatThrownBy(() -> Example.of("2", "1e999")).hasMessageContaining("not a finite number");
    assertThatThrownBy(() -> Example.of("2", "3,5"))
        .hasMessageContaining("«3,5» is not a finite number");
    assertThat(Example.of("2", "-1e-3").value()).isEqualTo(-0.001);
    assertRefused(List.of(), OPTIONS, "0 texts to train on and 40 to validate on");
    assertRefused(values(3, 3), OPTIONS, "have the same value, 3.0");
    assertThatThrownBy(() -> new Example("2", 1e300)).hasMessageContaining("value is 1.0E300");
    assertRefused(List.of(new Example("2", 1), new Example(" ", 2)), OPTIONS, "text is empty");
    var smoothed = OPTIONS.withObjective(new Objective(0.1, 0, 0));
    assertRefused(sums(9, 1), smoothed, "label smoothing");
    var sum = LAYERS.withDirection(Direction.SUM);
    assertThatThrownBy(() -> Regressor.train(sums(60, 1), TOKENS, sum, OPTIONS))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("both directions are added");
  }

  private static List<Example> values(double... values) {
    return Arrays.stream(values).mapToObj(each -> new Example("2", each)).toList();
  }

  private static void assertRefused(List<Example> training, Training options, String part) {
    assertThatThrownBy(() -> run(training, options))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(part);
  }
}
