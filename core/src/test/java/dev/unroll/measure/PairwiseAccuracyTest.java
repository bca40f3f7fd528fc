package dev.unroll.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

class PairwiseAccuracyTest {

  @Test
  void thePairIsRightWhoseRightOneHasTheGreaterScore() {
    var accuracy = new PairwiseAccuracy<String>();
    accuracy.add("verb", -1, -2);
    accuracy.add("noun", -3, -2);
    accuracy.add("noun", Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);
    accuracy.add("verb", -2, -2); // a draw is no win
    accuracy.add("verb", 0, -9);
    assertThat(accuracy.categories())
        .containsExactly(
            entry("verb", new PairwiseAccuracy.Count(2, 1, 0, 3)),
            entry("noun", new PairwiseAccuracy.Count(0, 1, 1, 2)));
    assertThat(accuracy.all()).isEqualTo(new PairwiseAccuracy.Count(2, 2, 1, 5));
    assertThat(accuracy.all().accuracy()).isEqualTo(0.4);
  }
}
