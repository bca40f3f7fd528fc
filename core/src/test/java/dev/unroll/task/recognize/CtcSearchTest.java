package dev.unroll.task.recognize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.data.Reading;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.Network;
import dev.unroll.train.TinyText;
import dev.unroll.train.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** What is found among labelings against all labelings, one by one. */
class CtcSearchTest {

  private static final int LABELS = 4;
  private static final int BLANK = 1;

  /** More than there are labels of five steps. */
  private static final int WIDE = 1000;

  /** Tokens of the language model that stand for the labels. */
  private static final int[] LETTERS = {2, 0, 6, 21};

  private static final LanguageModel MODEL =
      LanguageModel.train(
          TinyText.sample(),
          Network.gru(8),
          Training.defaults().withEpochs(1).withBatch(4, 30).withReading(Reading.SENTENCES));

  private static float[][] logProbabilities(int steps, long seed) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 6);
    float[][] rows = new float[steps][LABELS];
    for (int t = 0; t < steps; t++) {
      double sum = 0;
      for (int k = 0; k < LABELS; k++) {
        rows[t][k] = (float) (1.5 * random.gaussian(t * LABELS + k));
        sum += Math.exp(rows[t][k]);
      }
      for (int k = 0; k < LABELS; k++) {
        rows[t][k] -= (float) Math.log(sum);
      }
    }
    return rows;
  }

  /** A labeling with its log-probability. */
  private record LabelSpec(int[] labels, double logProbability) {

    /** Takes repetitions and blanks out. */
    List<Integer> merged() {
      var left = new ArrayList<Integer>();
      for (int t = 0; t < labels.length; t++) {
        if (labels[t] != BLANK && (t == 0 || labels[t] != labels[t - 1])) {
          left.add(labels[t]);
        }
      }
      return left;
    }
  }

  private static List<LabelSpec> labelings(float[][] rows) {
    var all = new ArrayList<LabelSpec>();
    for (int code = 0; code < Math.pow(LABELS, rows.length); code++) {
      int[] labels = new int[rows.length];
      double sum = 0;
      for (int t = 0, rest = code; t < rows.length; t++, rest /= LABELS) {
        labels[t] = rest % LABELS;
        sum += rows[t][labels[t]];
      }
      all.add(new LabelSpec(labels, sum));
    }
    return all;
  }

  /** Returns log P of all that can be said, with what a guide adds. */
  private static Map<List<Integer>, Double> scores(
      float[][] rows, CtcSearch.@Nullable Guide guide) {
    Map<List<Integer>, Double> sums = new HashMap<>();
    for (LabelSpec each : labelings(rows)) {
      sums.merge(each.merged(), Math.exp(each.logProbability), Double::sum);
    }
    Map<List<Integer>, Double> scores = new HashMap<>();
    sums.forEach((labels, p) -> scores.put(labels, Math.log(p) + guided(labels, guide)));
    return scores;
  }

  private static double guided(List<Integer> labels, CtcSearch.@Nullable Guide guide) {
    if (guide == null) {
      return 0;
    }
    int[] ids = labels.stream().mapToInt(label -> LETTERS[label]).toArray();
    double logProbability = MODEL.score(TinyText.LETTERS.decode(ids)).total();
    return guide.weight() * logProbability + guide.bonus() * labels.size();
  }

  private static List<Integer> list(CtcSearch.Found found) {
    return Arrays.stream(found.labels()).boxed().toList();
  }

  @Property(tries = 60)
  void greedyIsTheLikeliestLabeling(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int steps) {
    float[][] rows = logProbabilities(steps, seed);
    var all = labelings(rows);
    LabelSpec best = all.getFirst();
    for (LabelSpec each : all) {
      best = each.logProbability > best.logProbability ? each : best;
    }
    var found = new CtcSearch(BLANK, 1, null).search(rows);
    assertThat(found).hasSize(1);
    assertThat(list(found.getFirst())).isEqualTo(best.merged());
    assertThat(found.getFirst().score()).isCloseTo(best.logProbability, within(1e-5));
  }

  @Property(tries = 60)
  void aWideBeamFindsAllThatCanBeSaidTheBestFirst(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int steps) {
    assertFindsAll(logProbabilities(steps, seed), null);
  }

  @Property(tries = 20)
  void aGuideAddsWhatItSaysOfEachTargetAndItsEnd(@ForAll long seed) {
    for (var guide :
        List.of(
            new CtcSearch.Guide(MODEL, 0.7, 0, LETTERS),
            new CtcSearch.Guide(MODEL, 1.5, 2.5, LETTERS))) {
      assertFindsAll(logProbabilities(3, seed), guide);
    }
  }

  private static void assertFindsAll(float[][] rows, CtcSearch.@Nullable Guide guide) {
    Map<List<Integer>, Double> expected = scores(rows, guide);
    var found = new CtcSearch(BLANK, WIDE, guide).search(rows);
    assertThat(found.stream().map(CtcSearchTest::list))
        .containsExactlyInAnyOrderElementsOf(expected.keySet());
    double before = Double.POSITIVE_INFINITY;
    for (var each : found) {
      assertThat(each.score()).isLessThanOrEqualTo(before);
      assertThat(each.score()).isCloseTo(expected.get(list(each)), within(2e-5));
      before = each.score();
    }
  }

  /** What a beam drops on its way can only be missing from a sum. */
  @Property(tries = 60)
  void aNarrowBeamNeverCountsALabelingTwice(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 6) int beam) {
    float[][] rows = logProbabilities(5, seed);
    Map<List<Integer>, Double> exact = scores(rows, null);
    var found = new CtcSearch(BLANK, beam, null).search(rows);
    assertThat(found).hasSize(beam);
    assertThat(found.stream().map(CtcSearchTest::list)).doesNotHaveDuplicates();
    for (var each : found) {
      assertThat(each.score()).isLessThan(exact.get(list(each)) + 1e-5);
    }
  }

  /** A search that compared prefixes label by label took minutes for these. */
  @Example
  void aLongSourceTakesATimeThatGrowsWithItsLength() {
    float[][] rows = logProbabilities(100_000, 3);
    var found = new CtcSearch(BLANK, 2, null).search(rows).getFirst();
    assertThat(found.labels()).hasSizeBetween(25_000, 100_000);
  }
}
