package dev.unroll.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.train.LayerRate;
import dev.unroll.train.Schedule;
import dev.unroll.train.ScriptedLearner;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.optimizer.Sgd;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The search for a learning rate on losses that are written down beforehand. */
class RateSearchTest {

  private static final int STEPS = 50;
  private static final double FROM = 1e-5;
  private static final double TO = 20;

  private static ScriptedLearner learner(IntToDoubleFunction losses) {
    return new ScriptedLearner(2, 7, losses, 1);
  }

  /** The options' own schedule and warm-up must not matter, nor where an epoch ends. */
  private static RateSearch search(ScriptedLearner learner, LayerRate... rates) {
    var options =
        Training.defaults()
            .withOptimizer(new Sgd(0.3, 0))
            .withSchedule(new Schedule.Cosine(0.1), 20)
            .withLayerRates(List.of(rates))
            .withThreads(1);
    return RateSearch.run(
        learner, options, new RateSearch.Range(FROM, TO, STEPS), TrainingListener.NONE);
  }

  @Test
  void ratesGrowByTheSameFactorFromTheFirstToTheLast() {
    var points = search(learner(n -> 3)).points();
    assertThat(points).hasSize(STEPS);
    for (int k = 0; k < STEPS; k++) {
      double wanted = FROM * Math.pow(TO / FROM, k / (STEPS - 1.0));
      assertThat(points.get(k).rate()).isCloseTo(wanted, within(1e-9 * wanted));
    }
    assertThat(points.getLast().rate()).isCloseTo(TO, within(1e-9));
  }

  /** The steps use them: plain SGD changes a parameter by rate times gradient. */
  @Test
  void parametersChangeByTheRateOfEachStep() {
    var learner = learner(n -> 3);
    var points = search(learner).points();
    for (int k = 0; k < STEPS - 1; k++) {
      double norm = Math.hypot(ScriptedLearner.gradient(k, 0), ScriptedLearner.gradient(k, 1));
      double gradient = ScriptedLearner.gradient(k, 1) / Math.max(1, norm); // clipped at 1
      double before = learner.begun.get(k)[1];
      assertThat((double) learner.begun.get(k + 1)[1])
          .isCloseTo(before - points.get(k).rate() * gradient, within(1e-5));
    }
    assertThat(learner.judged).isEmpty();
  }

  /** A layer that begins to learn in the middle of the search would change the loss by itself. */
  @Test
  void layersThatLearnAfterSomeEpochsLearnFromTheBeginning() {
    var learner = learner(n -> 3);
    search(learner, new LayerRate("p1", 1, 2), LayerRate.frozen("p0"));
    assertThat(learner.begun.get(STEPS - 1)[0]).isEqualTo(learner.begun.get(0)[0]);
    assertThat(learner.begun.get(2)[1]).isNotEqualTo(learner.begun.get(0)[1]);
  }

  /** m ← 0.95·m + 0.05·loss, divided by 1 - 0.95ᵏ as Adam's moments are. */
  @Test
  void theMeanIsExponentialAndCorrectedForItsStart() {
    IntToDoubleFunction losses = n -> 3 + Math.sin(n);
    var points = search(learner(losses)).points();
    double sum = 0;
    for (int k = 0; k < STEPS; k++) {
      sum = 0.95 * sum + 0.05 * losses.applyAsDouble(k);
      assertThat(points.get(k).loss()).isEqualTo(losses.applyAsDouble(k));
      assertThat(points.get(k).mean()).isCloseTo(sum / (1 - Math.pow(0.95, k + 1)), within(1e-12));
    }
  }

  @Test
  void theSearchEndsWhereTheMeanIsTwiceTheLeast() {
    var points = search(learner(n -> n < 30 ? 1 : 10)).points();
    double least = points.stream().mapToDouble(RateSearch.Point::mean).min().orElseThrow();
    assertThat(points.size()).isBetween(31, STEPS - 1);
    assertThat(points.getLast().mean()).isGreaterThan(2 * least);
    assertThat(points.subList(0, points.size() - 1)).allMatch(point -> point.mean() <= 2 * least);
  }

  /** As that of a density may: twice a number below 0 is less. */
  @Test
  void aLossThatFallsBelowZeroHasNotDiverged() {
    IntToDoubleFunction falling = n -> 1 - 0.1 * n + 0.1 * (n % 2);
    assertThat(search(learner(falling)).points()).hasSize(STEPS);
    var points = search(learner(n -> n < 30 ? falling.applyAsDouble(n) : 10)).points();
    assertThat(points.size()).isBetween(31, STEPS - 1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void theSearchEndsAtALossThatIsNotFiniteAndLeavesItOut(double loss) {
    var learner = learner(n -> n == 25 ? loss : 3 - 0.01 * n);
    var search = search(learner);
    assertThat(search.points()).hasSize(25);
    assertThat(learner.steps).hasSize(26);
    assertThat(search.points()).allMatch(point -> Double.isFinite(point.mean()));
    assertThat(search.least()).isEqualTo(search.points().getLast());
  }

  /** It would search forever for a step. */
  @Test
  void aLearnerWithoutBatchesIsRefused() {
    var nothing = new ScriptedLearner(2, 0, n -> 3, 1);
    assertThatThrownBy(() -> search(nothing))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no batch to learn from");
    var trainer =
        new Trainer(nothing, Training.defaults(), Workers.single(), TrainingListener.NONE);
    assertThatThrownBy(trainer::run)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no batch to learn from");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10})
  void aLossThatRunsAwayAtOnceIsTold(int finite) {
    assertThatThrownBy(() -> search(learner(n -> n >= finite ? Double.NaN : 1)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("diverged after %d steps".formatted(finite));
  }

  @Test
  void aTenthOfTheRateWithTheLeastLossIsSuggestedToOneDigit() {
    var means = new double[] {5, 4.9, 4.5, 3, 2.9, 4};
    var rates = new double[] {0.001, 0.004, 0.02, 0.08, 0.337, 1.5};
    var settling = IntStream.range(0, 10).mapToObj(i -> new RateSearch.Point(1e-5 * (i + 1), 5, 5));
    var rest =
        IntStream.range(0, 6).mapToObj(i -> new RateSearch.Point(rates[i], means[i], means[i]));
    List<RateSearch.Point> points = java.util.stream.Stream.concat(settling, rest).toList();
    var search = new RateSearch(points);
    assertThat(search.least().rate()).isEqualTo(0.337);
    assertThat(search.steepest().rate()).isEqualTo(0.08);
    assertThat(search.suggestion()).isEqualTo(0.03);
    var small = new RateSearch(List.of(new RateSearch.Point(0.0032, 1, 1)));
    assertThat(small.suggestion()).isEqualTo(0.0003); // 3 × 0.0001 is another number
  }

  @Test
  void impossibleRangesAreRefused() {
    for (double[] range : new double[][] {{0, 1, 50}, {1, 1, 50}, {1, 2000, 50}, {1, 2, 19}}) {
      assertThatThrownBy(() -> new RateSearch.Range(range[0], range[1], (int) range[2]))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("They must rise");
    }
  }
}
