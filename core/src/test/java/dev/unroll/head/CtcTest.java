package dev.unroll.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.layer.Steps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * CTC against the sum over all labelings, one by one, in double precision: the definition itself,
 * with the gradient that follows from it, which agrees with central differences.
 */
class CtcTest {

  private static final int LABELS = 3;
  private static final int BLANK = 1;
  private static final Steps STEPS = Steps.of(4, 1, 5, 3);
  private static final int[][] TARGETS = {{0, 0}, {}, {2, 0, 2}, {0}};

  private static float[] logits(long seed) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 6);
    float[] values = new float[STEPS.rows() * LABELS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (2 * random.gaussian(i));
    }
    return values;
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  /** Takes repetitions and blanks out. */
  private static List<Integer> merged(int[] labeling) {
    var left = new ArrayList<Integer>();
    for (int t = 0; t < labeling.length; t++) {
      if (labeling[t] != BLANK && (t == 0 || labeling[t] != labeling[t - 1])) {
        left.add(labeling[t]);
      }
    }
    return left;
  }

  /** Loss of all sequences, with the gradient added to {@code gradient}. */
  private static double definition(double[] logits, double[] gradient) {
    double loss = 0;
    for (int s = 0; s < STEPS.batch(); s++) {
      int length = STEPS.length(s);
      double[][] y = new double[length][LABELS];
      for (int t = 0; t < length; t++) {
        double sum = 0;
        for (int k = 0; k < LABELS; k++) {
          y[t][k] = Math.exp(logits[STEPS.row(t, s) * LABELS + k]);
          sum += y[t][k];
        }
        for (int k = 0; k < LABELS; k++) {
          y[t][k] /= sum;
        }
      }
      List<Integer> target = Arrays.stream(TARGETS[s]).boxed().toList();
      double whole = 0;
      double[][] having = new double[length][LABELS]; // P of right labelings with k at t
      for (int code = 0; code < Math.pow(LABELS, length); code++) {
        int[] labeling = new int[length];
        double p = 1;
        for (int t = 0, rest = code; t < length; t++, rest /= LABELS) {
          labeling[t] = rest % LABELS;
          p *= y[t][labeling[t]];
        }
        if (merged(labeling).equals(target)) {
          whole += p;
          for (int t = 0; t < length; t++) {
            having[t][labeling[t]] += p;
          }
        }
      }
      loss -= Math.log(whole);
      for (int t = 0; t < length; t++) {
        for (int k = 0; k < LABELS; k++) {
          gradient[STEPS.row(t, s) * LABELS + k] += y[t][k] - having[t][k] / whole;
        }
      }
    }
    return loss;
  }

  @Property(tries = 30)
  void theDefinitionsGradientIsDifferencesOfItsLoss(@ForAll long seed) {
    double[] logits = widen(logits(seed));
    double[] gradient = new double[logits.length];
    definition(logits, gradient);
    for (int i = 0; i < logits.length; i++) {
      double kept = logits[i];
      logits[i] = kept + 1e-5;
      double above = definition(logits, new double[logits.length]);
      logits[i] = kept - 1e-5;
      double below = definition(logits, new double[logits.length]);
      logits[i] = kept;
      assertThat(gradient[i]).isCloseTo((above - below) / 2e-5, within(1e-7));
    }
  }

  @Property(tries = 60)
  void lossAndGradientAgreeWithTheDefinition(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int threads) {
    float[] logits = logits(seed);
    double[] expected = new double[logits.length];
    double loss = definition(widen(logits), expected);
    var ctc = new Ctc(LABELS, BLANK);
    try (var workers = new Workers(threads)) {
      float[] kept = logits.clone();
      Matrix rows = Matrix.of(kept, STEPS.rows(), LABELS);
      assertThat(ctc.loss(STEPS, rows, TARGETS, workers)).isCloseTo(loss, within(1e-5));
      Matrix gradients = Matrix.of(logits, STEPS.rows(), LABELS);
      double found = ctc.lossAndGradient(STEPS, gradients, TARGETS, 0.5f, workers);
      assertThat(found).isCloseTo(loss, within(1e-5));
    }
    for (int i = 0; i < logits.length; i++) {
      assertThat((double) logits[i]).isCloseTo(0.5 * expected[i], within(2e-6));
    }
  }

  @Example
  void aTargetThatNeedsMoreStepsIsRefused() {
    assertThat(Ctc.leastSteps(new int[] {0, 0, 2, 2})).isEqualTo(6);
    Matrix rows = Matrix.of(new float[9], 3, LABELS);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Ctc(LABELS, BLANK)
                    .loss(Steps.of(3), rows, new int[][] {{0, 0, 2}}, Workers.single()))
        .withMessageContaining("needs 4 steps");
  }
}
