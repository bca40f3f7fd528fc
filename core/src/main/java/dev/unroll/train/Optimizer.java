package dev.unroll.train;

import dev.unroll.model.InputException;

/** How a gradient becomes a change of the parameters. */
public sealed interface Optimizer permits Optimizer.Sgd, Optimizer.Adam {

  /** Returns the learning rate before the schedule. */
  double rate();

  /** Returns the moments that this optimizer keeps for {@code size} parameters. */
  Update newUpdate(int size);

  /** The moments of a run, and the step that uses them. */
  interface Update {
    /** Changes the parameters from {@code from} up to {@code to}; elements are independent. */
    void apply(float[] parameters, float[] gradients, Step step, int from, int to);
  }

  /**
   * What one step needs to know.
   *
   * @param number number of the step, counted from 1 over the steps that were applied
   * @param rate learning rate, after the schedule
   * @param gradientScale factor of the gradient, from clipping by norm
   */
  record Step(long number, double rate, float gradientScale) {}

  /**
   * Stochastic gradient descent, with momentum as in PyTorch.
   *
   * <pre>{@code
   * v ← momentum·v + g      θ ← θ - rate·v
   * }</pre>
   *
   * @param rate learning rate
   * @param momentum share of the last change that is kept, in [0, 1); 0 for none
   */
  record Sgd(double rate, double momentum) implements Optimizer {
    /** Checks the numbers. */
    public Sgd {
      checkRate(rate);
      checkShare("momentum", momentum);
    }

    @Override
    public Update newUpdate(int size) {
      float[] v = new float[momentum == 0 ? 0 : size];
      float keep = (float) momentum;
      return (parameters, gradients, step, from, to) -> {
        float rate = (float) step.rate();
        float scale = step.gradientScale();
        if (momentum == 0) {
          for (int i = from; i < to; i++) {
            parameters[i] = Math.fma(-rate, scale * gradients[i], parameters[i]);
          }
          return;
        }
        for (int i = from; i < to; i++) {
          v[i] = Math.fma(keep, v[i], scale * gradients[i]);
        }
        for (int i = from; i < to; i++) {
          parameters[i] = Math.fma(-rate, v[i], parameters[i]);
        }
      };
    }
  }

  /**
   * Adam (Kingma and Ba 2015), with its correction of the first steps.
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
  record Adam(double rate, double beta1, double beta2, double epsilon) implements Optimizer {
    /** Elements that are updated at a time, so that they stay in the nearest cache. */
    private static final int BLOCK = 1024;

    /** Checks the numbers. */
    public Adam {
      checkRate(rate);
      checkShare("beta1", beta1);
      checkShare("beta2", beta2);
      if (!((float) epsilon >= Float.MIN_NORMAL && epsilon <= 1)) {
        throw new InputException("epsilon is " + epsilon, "It must be in 1.2e-38 … 1.");
      }
    }

    /** Adam with the usual β1 = 0.9, β2 = 0.999, ε = 10⁻⁸. */
    public Adam(double rate) {
      this(rate, 0.9, 0.999, 1e-8);
    }

    @Override
    public Update newUpdate(int size) {
      float[] m = new float[size];
      float[] v = new float[size];
      float b1 = (float) beta1;
      float b2 = (float) beta2;
      return (parameters, gradients, step, from, to) -> {
        double correction1 = 1 - StrictMath.pow(beta1, (double) step.number());
        double correction2 = 1 - StrictMath.pow(beta2, (double) step.number());
        float size1 = (float) (step.rate() / correction1);
        float root2 = (float) (1 / StrictMath.sqrt(correction2));
        float small = (float) epsilon;
        float scale = step.gradientScale();
        for (int block = from; block < to; block += BLOCK) {
          int end = Math.min(to, block + BLOCK);
          // One array is written in each loop: that is what the compiler can vectorise.
          for (int i = block; i < end; i++) {
            m[i] = Math.fma(b1, m[i], (1 - b1) * (scale * gradients[i]));
          }
          for (int i = block; i < end; i++) {
            float g = scale * gradients[i];
            v[i] = Math.fma(b2, v[i], (1 - b2) * (g * g));
          }
          for (int i = block; i < end; i++) {
            float divisor = Math.fma((float) Math.sqrt(v[i]), root2, small);
            parameters[i] = parameters[i] - size1 * m[i] / divisor;
          }
        }
      };
    }
  }

  private static void checkRate(double rate) {
    if (!(rate > 0 && rate <= 1000)) {
      throw new InputException("the learning rate is " + rate, "It must be above 0, at most 1000.");
    }
  }

  private static void checkShare(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new InputException(name + " is " + value, "It must be in [0, 1).");
    }
  }
}
