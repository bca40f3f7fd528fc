package dev.unroll.train.optimizer;

import dev.unroll.kernel.Fma;
import dev.unroll.kernel.MissedAdamSteps;
import java.util.Locale;
import java.util.Map;

/**
 * Adam (Kingma and Ba 2015), with its correction of the first steps. With weight decay that is
 * decoupled it is AdamW.
 *
 * <pre>{@code
 * m ← β1·m + (1-β1)·g      v ← β2·v + (1-β2)·g²
 * θ ← θ - rate·(m / (1-β1ᵗ)) / (√(v / (1-β2ᵗ)) + ε)
 * }</pre>
 *
 * @param rate learning rate
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon ε, which keeps the quotient finite
 */
public record Adam(double rate, double beta1, double beta2, double epsilon) implements Optimizer {
  /** Checks the numbers. */
  public Adam {
    Ranges.checkRate(rate);
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkEpsilon(epsilon);
  }

  /** Adam with the usual β1 = 0.9, β2 = 0.999, ε = 10⁻⁸. */
  public Adam(double rate) {
    this(rate, 0.9, 0.999, 1e-8);
  }

  @Override
  public String describe() {
    return String.format(
        Locale.ROOT, "Adam[rate=%s, beta1=%s, beta2=%s, epsilon=%s]", rate, beta1, beta2, epsilon);
  }

  @Override
  public Update newUpdate(int size) {
    return new AdamUpdate(new float[size], new float[size], this);
  }

  private record AdamUpdate(float[] m, float[] v, Adam adam) implements Update {
    @Override
    public void apply(float[] parameters, float[] gradients, Step step, int from, int to) {
      at(step).apply(parameters, gradients, from, to);
    }

    @Override
    public AdamChange at(Step step) {
      double correction1 = 1 - StrictMath.pow(adam.beta1, (double) step.number());
      double correction2 = 1 - StrictMath.pow(adam.beta2, (double) step.number());
      float size = (float) (step.rate() / correction1);
      return new AdamChange(this, step, size, (float) (1 / StrictMath.sqrt(correction2)));
    }

    @Override
    public Missed newMissed() {
      return new MissedByAdam(this);
    }

    @Override
    public Map<String, float[]> moments() {
      return Map.of("m", m, "v", v);
    }
  }

  /**
   * A step.
   *
   * @param size the rate, corrected as m is
   * @param root what √v is multiplied with, as v is corrected
   */
  private record AdamChange(AdamUpdate update, Step step, float size, float root)
      implements Change {
    @Override
    public void apply(float[] parameters, float[] gradients, int from, int to) {
      float[] m = update.m;
      float[] v = update.v;
      Adam adam = update.adam;
      float b1 = (float) adam.beta1;
      float b2 = (float) adam.beta2;
      // Not 1 - b2: rounded β2 is off by 10⁻⁸, which would be 10⁻⁵ of 1 - β2.
      float new1 = (float) (1 - adam.beta1);
      float new2 = (float) (1 - adam.beta2);
      float small = (float) adam.epsilon;
      float scale = step.gradientScale();
      Blocks.dropFaded(m, step, from, to);
      Blocks.dropFaded(v, step, from, to);
      for (int block = from; block < to; block += Blocks.SIZE) {
        int end = Math.min(to, block + Blocks.SIZE);
        // One array is written in each loop: that is what the compiler can vectorize.
        for (int i = block; i < end; i++) {
          m[i] = Fma.fma(b1, m[i], new1 * (scale * gradients[i]));
        }
        for (int i = block; i < end; i++) {
          float g = scale * gradients[i];
          v[i] = Fma.fma(b2, v[i], new2 * (g * g));
        }
        for (int i = block; i < end; i++) {
          float divisor = Fma.fma((float) Math.sqrt(v[i]), root, small);
          parameters[i] = parameters[i] - size * m[i] / divisor;
        }
      }
    }
  }

  /** Steps whose gradients are zeros. */
  private static final class MissedByAdam implements Missed {

    private final AdamUpdate update;
    private final MissedAdamSteps steps;

    MissedByAdam(AdamUpdate update) {
      this.update = update;
      Adam adam = update.adam;
      steps =
          new MissedAdamSteps(
              (float) adam.beta1, (float) adam.beta2, (float) adam.epsilon, update.m, update.v);
    }

    @Override
    public void add(Step step) {
      AdamChange change = update.at(step);
      steps.add(change.size, change.root, Blocks.drops(step));
    }

    @Override
    public int count() {
      return steps.count();
    }

    @Override
    public void catchUp(int next, float[] parameters, float[] gradients, int from, int to) {
      steps.catchUp(next, parameters, from, to);
    }

    @Override
    public void clear() {
      steps.clear();
    }
  }
}
