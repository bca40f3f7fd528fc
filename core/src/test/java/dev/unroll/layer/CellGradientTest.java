package dev.unroll.layer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The references' backward passes against central differences of their forward passes. */
class CellGradientTest {

  private static final double BOUND = 1e-7;
  private static final double STEP = 1e-5;

  @ParameterizedTest
  @MethodSource("dev.unroll.layer.CellCase#all")
  void backwardIsTheDerivativeOfForward(CellCase form) {
    var run = new ReferenceRun(Example.random(form, 3, 4, 11, 5, 1, 3));
    var results = run.results();
    check(form + " parameters", run, run.cell.parameters, results.get("gradients"));
    check(form + " x", run, run.x, results.get("dx"));
    check(form + " start a", run, run.startA, results.get("start da"));
    check(form + " start c", run, run.startC, results.get("start dc"));
  }

  private static void check(String what, ReferenceRun run, double[] values, double[] gradient) {
    for (int i = 0; i < values.length; i++) {
      double kept = values[i];
      values[i] = kept + STEP;
      double above = run.loss();
      values[i] = kept - STEP;
      double below = run.loss();
      values[i] = kept;
      double numeric = (above - below) / (2 * STEP);
      double error = Math.abs(numeric - gradient[i]) / Math.max(1, Math.abs(numeric));
      assertThat(error)
          .as("%s[%d]: %s against %s", what, i, gradient[i], numeric)
          .isLessThan(BOUND);
    }
  }
}
