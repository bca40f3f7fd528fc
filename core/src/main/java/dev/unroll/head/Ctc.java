package dev.unroll.head;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.kernel.Functions;
import dev.unroll.kernel.Softmax;
import dev.unroll.layer.Steps;
import java.util.Arrays;
import java.util.Locale;

/**
 * Connectionist temporal classification (Graves et al. 2006): the loss of labels whose places are
 * not known. Each step gives a label or a blank; a path of them is right if what is left is the
 * target once repetitions are merged and blanks taken out. Its probability is the sum of those of
 * all right paths, by recurrences over l′, the target with a blank before, between and after its
 * labels:
 *
 * <pre>{@code
 * α⟨t⟩(s) = y⟨t⟩(l′s) (α⟨t-1⟩(s) + α⟨t-1⟩(s-1) + α⟨t-1⟩(s-2))
 *                              the last term unless l′s is a blank or l′s = l′s₋₂
 * β⟨t⟩(s) likewise from the end, without y⟨t⟩
 * P = Σ over s of α⟨t⟩(s) β⟨t⟩(s) at any t       loss = -log P
 * dloss/dz⟨t⟩(k) = y⟨t⟩(k) - Σ over s with l′s = k of α⟨t⟩(s) β⟨t⟩(s) / P
 * }</pre>
 *
 * <p>All in logarithms, in double precision. A sequence belongs to one thread.
 */
public final class Ctc {

  private final int labels;
  private final int blank;

  /**
   * Creates the loss.
   *
   * @param labels number of labels, the blank included
   * @param blank which of them is the blank
   */
  public Ctc(int labels, int blank) {
    this.labels = labels;
    this.blank = blank;
  }

  /**
   * Returns the least number of steps that can give a target: its labels and, of equal ones that
   * follow each other, a blank between.
   */
  public static int leastSteps(int[] target) {
    int steps = target.length;
    for (int i = 1; i < target.length; i++) {
      steps += target[i] == target[i - 1] ? 1 : 0;
    }
    return steps;
  }

  /**
   * Returns the sum of the losses of all sequences, in nats, and replaces the logits by their
   * gradients.
   *
   * @param logits [R][labels]
   * @param targets of each sequence its labels, without blanks
   * @param scale factor of all gradients
   * @throws IllegalArgumentException if a target needs more steps than its sequence has
   */
  public double lossAndGradient(
      Steps steps, Matrix logits, int[][] targets, float scale, Workers workers) {
    return losses(steps, logits, targets, scale, true, workers);
  }

  /** Returns the sum of the losses of all sequences, in nats; the logits become probabilities. */
  public double loss(Steps steps, Matrix logits, int[][] targets, Workers workers) {
    return losses(steps, logits, targets, 1f, false, workers);
  }

  private double losses(
      Steps steps, Matrix logits, int[][] targets, float scale, boolean gradient, Workers workers) {
    double[] losses = new double[steps.batch()];
    workers.run(
        steps.batch(),
        1,
        (from, to) -> {
          for (int s = from; s < to; s++) {
            losses[s] = new Sequence(steps, s, logits, targets[s]).loss(scale, gradient);
          }
        });
    return Arrays.stream(losses).sum();
  }

  /** One sequence with its target. */
  private final class Sequence {
    private final Steps steps;
    private final int number;
    private final Matrix logits;
    private final int length;

    /** l′. */
    private final int[] extended;

    /** log y⟨t⟩(l′s). */
    private final double[][] logOutputs;

    Sequence(Steps steps, int number, Matrix logits, int[] target) {
      this.steps = steps;
      this.number = number;
      this.logits = logits;
      length = steps.length(number);
      if (leastSteps(target) > length) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "a target that needs %d steps, of a sequence of %d",
                leastSteps(target),
                length));
      }
      extended = new int[2 * target.length + 1];
      Arrays.fill(extended, blank);
      for (int i = 0; i < target.length; i++) {
        extended[2 * i + 1] = target[i];
      }
      logOutputs = new double[length][extended.length];
    }

    private int at(int t) {
      return logits.row(steps.row(t, number));
    }

    double loss(float scale, boolean gradient) {
      if (length == 0) {
        return 0; // nothing is said and nothing was to be said
      }
      for (int t = 0; t < length; t++) {
        double total = Softmax.logSumExp(logits.data(), at(t), labels);
        for (int s = 0; s < extended.length; s++) {
          logOutputs[t][s] = logits.data()[at(t) + extended[s]] - total;
        }
        Softmax.replaceByProbabilities(logits.data(), at(t), labels);
      }
      double[][] alpha = forward();
      int last = extended.length - 1;
      double logP = alpha[length - 1][last];
      if (last > 0) {
        logP = add(logP, alpha[length - 1][last - 1]);
      }
      if (gradient) {
        backward(alpha, logP, scale);
      }
      return -logP;
    }

    /** Whether the way to s may come from s - 2. */
    private boolean leaps(int s) {
      return s >= 2 && extended[s] != blank && extended[s] != extended[s - 2];
    }

    private double[][] forward() {
      double[][] alpha = new double[length][extended.length];
      for (double[] row : alpha) {
        Arrays.fill(row, Double.NEGATIVE_INFINITY);
      }
      for (int s = 0; s < Math.min(2, extended.length); s++) {
        alpha[0][s] = logOutputs[0][s];
      }
      for (int t = 1; t < length; t++) {
        for (int s = 0; s < extended.length; s++) {
          double sum = alpha[t - 1][s];
          sum = s >= 1 ? add(sum, alpha[t - 1][s - 1]) : sum;
          sum = leaps(s) ? add(sum, alpha[t - 1][s - 2]) : sum;
          alpha[t][s] = sum + logOutputs[t][s];
        }
      }
      return alpha;
    }

    /** Replaces probabilities by gradients, from the last step to the first. */
    private void backward(double[][] alpha, double logP, float scale) {
      double[] beta = new double[extended.length];
      Arrays.fill(beta, Double.NEGATIVE_INFINITY);
      for (int s = Math.max(0, extended.length - 2); s < extended.length; s++) {
        beta[s] = 0;
      }
      for (int t = length - 1; t >= 0; t--) {
        if (t < length - 1) {
          beta = before(beta, t);
        }
        int at = at(t);
        for (int s = 0; s < extended.length; s++) {
          double share = alpha[t][s] + beta[s] - logP;
          logits.data()[at + extended[s]] -= Functions.exp((float) share);
        }
        for (int k = 0; k < labels; k++) {
          logits.data()[at + k] *= scale;
        }
      }
    }

    private double[] before(double[] beta, int t) {
      double[] earlier = new double[extended.length];
      for (int s = 0; s < extended.length; s++) {
        double sum = beta[s] + logOutputs[t + 1][s];
        if (s + 1 < extended.length) {
          sum = add(sum, beta[s + 1] + logOutputs[t + 1][s + 1]);
        }
        if (s + 2 < extended.length && leaps(s + 2)) {
          sum = add(sum, beta[s + 2] + logOutputs[t + 1][s + 2]);
        }
        earlier[s] = sum;
      }
      return earlier;
    }
  }

  /** Returns log(eˣ + eʸ). */
  public static double add(double x, double y) {
    if (x == Double.NEGATIVE_INFINITY) {
      return y;
    }
    if (y == Double.NEGATIVE_INFINITY) {
      return x;
    }
    return Math.max(x, y) + StrictMath.log1p(StrictMath.exp(-Math.abs(x - y)));
  }
}
