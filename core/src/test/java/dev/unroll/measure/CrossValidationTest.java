package dev.unroll.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CrossValidationTest {

  @Test
  void meanAndDeviationAreOfEachMeasure() {
    var folds = new CrossValidation();
    for (double value : new double[] {2, 4, 9}) {
      folds.add(Map.of("accuracy", value, "F1", 1.0));
    }
    assertThat(folds.mean()).isEqualTo(Map.of("accuracy", 5.0, "F1", 1.0));
    assertThat(folds.deviation()).containsEntry("F1", 0.0);
    double expected = Math.sqrt((9 + 1 + 16) / 2.0);
    assertThat(folds.deviation().get("accuracy")).isCloseTo(expected, within(1e-12));
  }
}
