package dev.unroll.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.data.LabeledSequence;
import dev.unroll.task.label.Thresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Counted by hand, by the definitions that scikit-learn uses. */
class LabelScoreTest {

  private static List<Set<String>> each(String... labels) {
    return List.of(labels).stream().map(Set::of).toList();
  }

  @Test
  void aLabelEach() {
    var wanted = each("a", "b", "c", "a", "b", "c", "a");
    var found = each("a", "c", "b", "a", "a", "b", "d");
    var score = LabelScore.of(found, wanted);
    assertThat(score.accuracy()).isCloseTo(2.0 / 7, within(1e-12));
    assertThat(score.labels()).containsOnlyKeys("a", "b", "c", "d");
    var a = score.labels().get("a");
    assertThat(List.of(a.precision(), a.recall(), a.f1()))
        .containsExactly(2.0 / 3, 2.0 / 3, 2.0 / 3);
    assertThat(score.macroF1()).isCloseTo(2.0 / 3 / 4, within(1e-12));
    assertThat(score.microF1()).isCloseTo(2.0 / 7, within(1e-12));
    assertThat(score.confusion().get("a")).isEqualTo(Map.of("a", 2L, "d", 1L));
    assertThat(score.confusion().get("b")).isEqualTo(Map.of("a", 1L, "c", 1L));
  }

  @Test
  void severalLabelsOrNone() {
    List<Set<String>> wanted = List.of(Set.of("a", "b"), Set.of(), Set.of("b"), Set.of("c"));
    List<Set<String>> found = List.of(Set.of("a"), Set.of(), Set.of("b", "c"), Set.of("c"));
    var score = LabelScore.of(found, wanted);
    assertThat(score.accuracy()).isEqualTo(0.5);
    assertThat(score.microF1()).isCloseTo(2 * 3.0 / (4 + 4), within(1e-12));
    assertThat(score.macroF1()).isCloseTo((1 + 2.0 / 3 + 2.0 / 3) / 3, within(1e-12));
    assertThat(score.confusion()).isEmpty();
  }

  @Test
  void probabilitiesThatAreWhatTheySayHaveNoCalibrationError() {
    double[] probabilities = {0.75, 0.75, 0.75, 0.75, 1, 0.2};
    boolean[] right = {true, true, false, true, true, false};
    var calibration = Calibration.of(probabilities, right);
    assertThat(calibration.expectedError()).isCloseTo(0.2 / 6, within(1e-12));
    assertThat(calibration.bins()).hasSize(10);
    assertThat(calibration.bins().get(7)).isEqualTo(new Calibration.Bin(4, 0.75, 0.75));
    assertThat(calibration.bins().get(9).answers()).isEqualTo(1);
  }

  private static double f1(double[] probabilities, boolean[] wanted, double threshold) {
    double right = 0;
    double found = 0;
    double there = 0;
    for (int i = 0; i < wanted.length; i++) {
      boolean has = probabilities[i] >= threshold;
      right += has && wanted[i] ? 1 : 0;
      found += has ? 1 : 0;
      there += wanted[i] ? 1 : 0;
    }
    return found + there == 0 ? 0 : 2 * right / (found + there);
  }

  @Test
  void noThresholdIsBetterThanTheOneThatIsFound() {
    var random = new Random(3);
    for (int turn = 0; turn < 200; turn++) {
      double[] probabilities = new double[1 + random.nextInt(12)];
      boolean[] wanted = new boolean[probabilities.length];
      for (int i = 0; i < wanted.length; i++) {
        probabilities[i] = random.nextInt(20) / 20.0;
        wanted[i] = random.nextBoolean();
      }
      double best = f1(probabilities, wanted, Thresholds.best(probabilities, wanted));
      for (double threshold = 0.001; threshold < 1; threshold += 0.001) {
        assertThat(best).isGreaterThanOrEqualTo(f1(probabilities, wanted, threshold) - 1e-12);
      }
    }
    assertThat(Thresholds.best(new double[] {0.9, 0.1}, new boolean[2])).isEqualTo(0.5);
  }

  @Test
  void confusionIsAShareOfTheItemsThatHaveTheLabel() {
    var score =
        LabelScore.of(
            List.of(Set.of("a"), Set.of("b"), Set.of("b"), Set.of("b")),
            List.of(Set.of("a"), Set.of("a"), Set.of("a"), Set.of("b")));
    assertThat(score.confusionShare("a", "b")).isEqualTo(2 / 3.0);
    assertThat(score.confusionShare("b", "a")).isZero();
    assertThat(score.confusionShare("c", "a")).isZero();
  }

  @Test
  void everyPartOfACutHasTheLabelsOfASortedFile() {
    var all = new ArrayList<LabeledSequence>();
    for (int i = 0; i < 100; i++) {
      all.add(
          new LabeledSequence(List.of("t" + i), List.of(i < 50 ? "a" : i < 99 ? "b" : "alone")));
    }
    var parts = LabeledSequence.cut(all, 0.1);
    assertThat(parts.get(1).size()).isBetween(9, 10);
    assertThat(parts.get(0)).contains(all.get(99)); // whose label no other has
    assertThat(parts.get(1).stream().map(each -> each.labels().getFirst())).contains("a", "b");
    var tested = new ArrayList<LabeledSequence>();
    for (int fold = 0; fold < 7; fold++) {
      var own = LabeledSequence.fold(all, fold, 7, true);
      long a = own.stream().filter(each -> each.labels().getFirst().equals("a")).count();
      assertThat(a).isBetween(7L, 8L);
      assertThat(LabeledSequence.fold(all, fold, 7, false))
          .hasSize(100 - own.size())
          .doesNotContainAnyElementsOf(own);
      tested.addAll(own);
    }
    assertThat(tested).containsExactlyInAnyOrderElementsOf(all);
  }
}
