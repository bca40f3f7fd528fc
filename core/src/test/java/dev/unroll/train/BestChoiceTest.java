package dev.unroll.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.learn.RunState;
import dev.unroll.train.optimizer.Adam;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which of the validated parameters are kept. */
class BestChoiceTest {

  private static final long TEXTS = 850;

  /** Returns the number of the validation whose parameters are kept, counted from 0. */
  private static int kept(List<Validation> validations) {
    var run = new RunState(new float[1], new Adam(0.1).newUpdate(1));
    int kept = -1;
    for (int i = 0; i < validations.size(); i++) {
      Validation found = validations.get(i);
      if (run.improves(found)) {
        run.keep(found);
        kept = i;
      }
      run.count(false, found.criterion());
    }
    return kept;
  }

  private static Validation share(double accuracy, double loss) {
    return new Validation(loss, Validation.Measure.ofShare("accuracy", accuracy, TEXTS));
  }

  @Test
  void theLowerLossDecidesWhereAccuracyDiffersByLessThanItsError() {
    assertThat(kept(List.of(share(0.70, 0.6), share(0.77, 0.48), share(0.778, 0.70)))).isEqualTo(1);
    assertThat(kept(List.of(share(0.778, 0.70), share(0.77, 0.48)))).isEqualTo(1);
  }

  @Test
  void anAccuracyHigherByMoreThanItsErrorWinsWhateverTheLoss() {
    assertThat(kept(List.of(share(0.77, 0.48), share(0.80, 0.70)))).isEqualTo(1);
    assertThat(kept(List.of(share(0.80, 0.70), share(0.77, 0.48)))).isEqualTo(0);
  }

  /** Small steps down may not add up: all are compared with the highest. */
  @Test
  void accuracyDoesNotDriftDownwards() {
    assertThat(kept(List.of(share(0.80, 0.7), share(0.79, 0.6), share(0.78, 0.5)))).isEqualTo(1);
  }

  /** A measure that somebody asked for decides by itself. */
  @Test
  void withoutAnErrorTheMeasureDecides() {
    var first = new Validation(0.48, new Validation.Measure("accuracy", 0.77));
    var second = new Validation(0.70, new Validation.Measure("accuracy", 0.771));
    assertThat(kept(List.of(first, second))).isEqualTo(1);
    assertThat(kept(List.of(second, first))).isEqualTo(0);
  }

  @Test
  void whatIsNotANumberIsNeverTheBest() {
    assertThat(kept(List.of(share(Double.NaN, 0.1)))).isEqualTo(-1);
    assertThat(kept(List.of(share(0.5, 0.7), share(0.5, Double.NaN)))).isEqualTo(0);
  }

  @Test
  void aShareOfAllHasAnErrorToo() {
    assertThat(Validation.Measure.ofShare("accuracy", 1, 20).error()).isBetween(0.03, 0.06);
    assertThat(Validation.Measure.ofShare("accuracy", 0.5, 100).error()).isBetween(0.049, 0.051);
  }
}
