package dev.unroll.task.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.task.lm.Rescoring.Hypothesis;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RescoringTest {

  private static Hypothesis one(String list, double other, double model, double errors) {
    return new Hypothesis(list, "text", other, model, errors);
  }

  @Example
  void aWeightByHand() {
    // List a: the right one wins above (5 - 2) / (-10 - -13) = 1; list b: below (4 - 1) / 1 = 3.
    var labeled =
        List.of(one("a", 5, -13, 1), one("a", 2, -10, 0), one("b", 4, -11, 0), one("b", 1, -10, 2));
    assertThat(Rescoring.tune(labeled)).isCloseTo(2, within(1e-12));
    assertThat(Rescoring.errors(labeled, 2)).isZero();
    assertThat(Rescoring.errors(labeled, 0.5)).isEqualTo(1);
    assertThat(Rescoring.errors(labeled, 4)).isEqualTo(2);
    assertThat(Rescoring.ranked(labeled.subList(0, 2), 2).getFirst().errors()).isZero();
  }

  @Example
  void theOtherScoreDecidesAmongTheImpossible() {
    double never = Double.NEGATIVE_INFINITY;
    var list = List.of(one("a", 1, never, 1), one("a", 5, never, 0), one("a", 3, never, 2));
    assertThat(Rescoring.ranked(list, 1).stream().map(Hypothesis::other))
        .containsExactly(5.0, 3.0, 1.0);
    assertThat(Rescoring.errors(list, Rescoring.tune(list))).isZero();
    var equal = List.of(one("a", 1, -2, 1), one("a", 2, -3, 0));
    assertThat(Rescoring.ranked(equal, 1)).as("finite ties stay").isEqualTo(equal);
  }

  @Property(tries = 100)
  void noWeightOfAFineGridIsBetter(@ForAll long seed) {
    var random = new Random(seed);
    var labeled = new ArrayList<Hypothesis>();
    for (int i = 0; i < 60; i++) {
      labeled.add(
          one("" + i / 6, random.nextGaussian(), random.nextGaussian() * 4, random.nextInt(4)));
    }
    double found = Rescoring.errors(labeled, Rescoring.tune(labeled));
    for (double weight = 0.0005; weight < 5; weight += 0.001) {
      assertThat(found).isLessThanOrEqualTo(Rescoring.errors(labeled, weight));
    }
  }
}
