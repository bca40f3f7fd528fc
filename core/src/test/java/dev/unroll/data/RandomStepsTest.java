package dev.unroll.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Workers;
import dev.unroll.batch.Windows;
import dev.unroll.learn.Trainer;
import dev.unroll.network.Network;
import dev.unroll.task.lm.LanguageLearner;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.train.Schedule;
import dev.unroll.train.TinyText;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.optimizer.Sgd;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Truncated backpropagation over windows of drawn lengths (Merity et al. 2018). */
class RandomStepsTest {

  private static final TinyText TEXT = TinyText.sample();
  private static final int STEPS = 20;
  private static final double RATE = 0.5;

  private record Run(List<TrainingListener.StepReport> steps, float[] parameters) {}

  /** One lane, so that a step has as many targets as its windows are long. */
  private static Run run(Training options, int threads) {
    var changed =
        options
            .withOptimizer(new Sgd(RATE, 0))
            .withSchedule(new Schedule.Constant(), 0)
            .withEpochs(2)
            .withThreads(threads);
    var steps = new ArrayList<TrainingListener.StepReport>();
    var listener =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            steps.add(report);
          }
        };
    var network = new LanguageNetwork(Network.lstm(5), TEXT.tokenizer().size());
    var learner = new LanguageLearner(network, TEXT, TEXT.part(0, 4), changed);
    try (var workers = new Workers(threads)) {
      var outcome = new Trainer(learner, changed, workers, listener).run();
      return new Run(steps, outcome.parameters());
    }
  }

  private static Training drawn(long seed) {
    return Training.defaults().withBatch(1, STEPS).withRandomSteps(true).withSeed(seed);
  }

  private static List<Integer> lengths(Run run) {
    return run.steps.stream().map(TrainingListener.StepReport::tokens).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theRateOfAStepIsScaledWithItsLength(int accumulate) {
    var run = run(drawn(1).withAccumulation(accumulate), 1);
    var windows = Windows.random(STEPS, 1);
    int step = 0;
    for (int epoch = 0; epoch < 2; epoch++) {
      int[] starts = windows.starts(epoch, (int) TEXT.size());
      for (int from = 0; from < starts.length - 1; from += accumulate) {
        int to = Math.min(starts.length - 1, from + accumulate);
        var report = run.steps.get(step++);
        assertThat(report.tokens()).isEqualTo(starts[to] - starts[from]);
        double mean = (double) report.tokens() / (to - from);
        assertThat(report.rate()).isCloseTo(RATE * mean / STEPS, within(1e-12));
      }
    }
    assertThat(run.steps).hasSize(step);
    assertThat(lengths(run).stream().distinct().count()).isGreaterThan(10);
  }

  /** What is short is the end of the text, whose rate is as of all others. */
  @Test
  void theRateOfWindowsOfEqualLengthIsNotScaled() {
    var run = run(drawn(1).withRandomSteps(false), 1);
    assertThat(lengths(run)).contains(STEPS, (int) TEXT.size() % STEPS);
    assertThat(run.steps).allMatch(report -> report.rate() == RATE);
  }

  @Test
  void theSeedAloneDecidesTheLengthsAndThreadsDoNot() {
    var one = run(drawn(7), 1);
    for (int threads : new int[] {2, 3}) {
      var more = run(drawn(7), threads);
      assertThat(more.steps).isEqualTo(one.steps);
      assertThat(more.parameters).isEqualTo(one.parameters);
    }
    assertThat(lengths(run(drawn(8), 1))).isNotEqualTo(lengths(one));
    int firstEpoch = (int) one.steps.stream().filter(report -> report.epoch() == 1).count();
    assertThat(lengths(one).subList(firstEpoch, one.steps.size()))
        .isNotEqualTo(lengths(one).subList(0, firstEpoch));
  }

  /** Lengths around 200 and, one in twenty, around 100: far enough apart to be told. */
  @Test
  void lengthsAreNormalAroundTheWholeAndTheHalf() {
    int[] starts = Windows.random(200, 5).starts(0, 4_000_000);
    int[] lengths =
        IntStream.range(0, starts.length - 2).map(i -> starts[i + 1] - starts[i]).toArray();
    for (int mean : new int[] {200, 100}) {
      int[] near = IntStream.of(lengths).filter(each -> Math.abs(each - mean) < 50).toArray();
      double average = IntStream.of(near).average().orElseThrow();
      double variance =
          IntStream.of(near).mapToDouble(each -> Math.pow(each - average, 2)).sum() / near.length;
      double share = (double) near.length / lengths.length;
      assertThat(average).isCloseTo(mean, within(0.6)); // four deviations of 1,000 lengths' mean
      assertThat(Math.sqrt(variance)).isCloseTo(5, within(0.5));
      assertThat(share).isCloseTo(mean == 200 ? 0.95 : 0.05, within(0.007));
    }
  }

  @Test
  void noStretchButTheLastIsShorterThanFive() {
    int[] starts = Windows.random(6, 5).starts(0, 10_000);
    int[] lengths =
        IntStream.range(0, starts.length - 2).map(i -> starts[i + 1] - starts[i]).toArray();
    assertThat(IntStream.of(lengths).min()).hasValue(5);
    assertThat(starts[starts.length - 1]).isEqualTo(10_000);
  }
}
