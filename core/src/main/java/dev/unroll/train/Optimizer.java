package dev.unroll.train;

import dev.unroll.file.InputException;
import java.util.Map;

/** How a gradient becomes a change of the parameters. */
public sealed interface Optimizer {

  /** Elements that are updated at a time, so that they stay in the nearest cache. */
  int BLOCK = 1024;

  /** Returns the learning rate before the schedule. */
  double rate();

  /** Returns the moments that this optimizer keeps for {@code size} parameters. */
  Update newUpdate(int size);

  /** The moments of a run, and the step that uses them. */
  interface Update {
    /** Changes the parameters from {@code from} up to {@code to}; elements are independent. */
    void apply(float[] parameters, float[] gradients, Step step, int from, int to);

    /** Returns the moments by name, the arrays themselves; a run is kept and resumed with them. */
    Map<String, float[]> moments();
  }

  /** Returns all numbers by name, as identities of runs hold them: they must never change. */
  String describe();

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
   * v ← momentum·v + g      θ ← θ - rate·v      Nesterov: θ ← θ - rate·(g + momentum·v)
   * }</pre>
   *
   * @param rate learning rate
   * @param momentum share of the last change that is kept, in [0, 1); 0 for none
   * @param nesterov whether the step looks ahead (Nesterov 1983)
   */
  record Sgd(double rate, double momentum, boolean nesterov) implements Optimizer {
    /** Checks the numbers. */
    public Sgd {
      checkRate(rate);
      checkShare("momentum", momentum);
      if (nesterov && momentum == 0) {
        throw new InputException("Nesterov's step without momentum", "Give a momentum, as 0.9.");
      }
    }

    /** Without Nesterov's step. */
    public Sgd(double rate, double momentum) {
      this(rate, momentum, false);
    }

    @Override
    public String describe() {
      return "Sgd[rate=%s, momentum=%s, nesterov=%s]".formatted(rate, momentum, nesterov);
    }

    @Override
    public Update newUpdate(int size) {
      return momentum == 0 ? new Plain() : new Heavy(new float[size], (float) momentum, nesterov);
    }

    private record Plain() implements Update {
      @Override
      public void apply(float[] parameters, float[] gradients, Step step, int from, int to) {
        float rate = (float) step.rate();
        float scale = step.gradientScale();
        for (int i = from; i < to; i++) {
          parameters[i] = Math.fma(-rate, scale * gradients[i], parameters[i]);
        }
      }

      @Override
      public Map<String, float[]> moments() {
        return Map.of();
      }
    }

    private record Heavy(float[] v, float keep, boolean nesterov) implements Update {
      @Override
      public void apply(float[] parameters, float[] gradients, Step step, int from, int to) {
        float rate = (float) step.rate();
        float scale = step.gradientScale();
        for (int i = from; i < to; i++) {
          v[i] = Math.fma(keep, v[i], scale * gradients[i]);
        }
        if (nesterov) {
          for (int i = from; i < to; i++) {
            float ahead = Math.fma(keep, v[i], scale * gradients[i]);
            parameters[i] = Math.fma(-rate, ahead, parameters[i]);
          }
          return;
        }
        for (int i = from; i < to; i++) {
          parameters[i] = Math.fma(-rate, v[i], parameters[i]);
        }
      }

      @Override
      public Map<String, float[]> moments() {
        return Map.of("v", v);
      }
    }
  }

  /**
   * Adam (Kingma and Ba 2015), with its correction of the first steps. With {@link WeightDecay}
   * that is decoupled it is AdamW.
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
    /** Checks the numbers. */
    public Adam {
      checkRate(rate);
      checkShare("beta1", beta1);
      checkShare("beta2", beta2);
      checkEpsilon(epsilon);
    }

    /** Adam with the usual β1 = 0.9, β2 = 0.999, ε = 10⁻⁸. */
    public Adam(double rate) {
      this(rate, 0.9, 0.999, 1e-8);
    }

    @Override
    public String describe() {
      return "Adam[rate=%s, beta1=%s, beta2=%s, epsilon=%s]".formatted(rate, beta1, beta2, epsilon);
    }

    @Override
    public Update newUpdate(int size) {
      return new AdamUpdate(new float[size], new float[size], this);
    }

    private record AdamUpdate(float[] m, float[] v, Adam adam) implements Update {
      @Override
      public void apply(float[] parameters, float[] gradients, Step step, int from, int to) {
        float b1 = (float) adam.beta1;
        float b2 = (float) adam.beta2;
        double correction1 = 1 - StrictMath.pow(adam.beta1, (double) step.number());
        double correction2 = 1 - StrictMath.pow(adam.beta2, (double) step.number());
        float size1 = (float) (step.rate() / correction1);
        float root2 = (float) (1 / StrictMath.sqrt(correction2));
        float small = (float) adam.epsilon;
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
      }

      @Override
      public Map<String, float[]> moments() {
        return Map.of("m", m, "v", v);
      }
    }
  }

  /**
   * RMSProp (Tieleman and Hinton 2012), as in PyTorch.
   *
   * <pre>{@code
   * v ← α·v + (1-α)·g²      θ ← θ - rate·g / (√v + ε)
   * with momentum: b ← momentum·b + g / (√v + ε)      θ ← θ - rate·b
   * }</pre>
   *
   * @param rate learning rate
   * @param alpha decay of the mean square
   * @param epsilon ε, which keeps the quotient finite
   * @param momentum share of the last change that is kept, in [0, 1); 0 for none
   */
  record RmsProp(double rate, double alpha, double epsilon, double momentum) implements Optimizer {
    /** Checks the numbers. */
    public RmsProp {
      checkRate(rate);
      checkShare("alpha", alpha);
      checkEpsilon(epsilon);
      checkShare("momentum", momentum);
    }

    @Override
    public String describe() {
      return "RmsProp[rate=%s, alpha=%s, epsilon=%s, momentum=%s]"
          .formatted(rate, alpha, epsilon, momentum);
    }

    @Override
    public Update newUpdate(int size) {
      return new RmsPropUpdate(new float[size], new float[momentum == 0 ? 0 : size], this);
    }

    private record RmsPropUpdate(float[] v, float[] b, RmsProp rmsProp) implements Update {
      @Override
      public void apply(float[] parameters, float[] gradients, Step step, int from, int to) {
        float alpha = (float) rmsProp.alpha;
        float small = (float) rmsProp.epsilon;
        float rate = (float) step.rate();
        float scale = step.gradientScale();
        for (int block = from; block < to; block += BLOCK) {
          int end = Math.min(to, block + BLOCK);
          for (int i = block; i < end; i++) {
            float g = scale * gradients[i];
            v[i] = Math.fma(alpha, v[i], (1 - alpha) * (g * g));
          }
          if (b.length == 0) {
            for (int i = block; i < end; i++) {
              float quotient = scale * gradients[i] / ((float) Math.sqrt(v[i]) + small);
              parameters[i] = Math.fma(-rate, quotient, parameters[i]);
            }
          } else {
            float keep = (float) rmsProp.momentum;
            for (int i = block; i < end; i++) {
              float quotient = scale * gradients[i] / ((float) Math.sqrt(v[i]) + small);
              b[i] = Math.fma(keep, b[i], quotient);
            }
            for (int i = block; i < end; i++) {
              parameters[i] = Math.fma(-rate, b[i], parameters[i]);
            }
          }
        }
      }

      @Override
      public Map<String, float[]> moments() {
        return Map.of("v", v, "b", b);
      }
    }
  }

  /**
   * Adagrad (Duchi et al. 2011).
   *
   * <pre>{@code
   * s ← s + g²      θ ← θ - rate·g / (√s + ε)
   * }</pre>
   *
   * @param rate learning rate
   * @param epsilon ε, which keeps the quotient finite
   */
  record Adagrad(double rate, double epsilon) implements Optimizer {
    /** Checks the numbers. */
    public Adagrad {
      checkRate(rate);
      checkEpsilon(epsilon);
    }

    @Override
    public String describe() {
      return "Adagrad[rate=%s, epsilon=%s]".formatted(rate, epsilon);
    }

    @Override
    public Update newUpdate(int size) {
      return new Sums(new float[size], (float) epsilon);
    }

    private record Sums(float[] s, float epsilon) implements Update {
      @Override
      public void apply(float[] parameters, float[] gradients, Step step, int from, int to) {
        float rate = (float) step.rate();
        float scale = step.gradientScale();
        for (int block = from; block < to; block += BLOCK) {
          int end = Math.min(to, block + BLOCK);
          for (int i = block; i < end; i++) {
            float g = scale * gradients[i];
            s[i] = Math.fma(g, g, s[i]);
          }
          for (int i = block; i < end; i++) {
            float quotient = scale * gradients[i] / ((float) Math.sqrt(s[i]) + epsilon);
            parameters[i] = Math.fma(-rate, quotient, parameters[i]);
          }
        }
      }

      @Override
      public Map<String, float[]> moments() {
        return Map.of("s", s);
      }
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

  private static void checkEpsilon(double epsilon) {
    if (!((float) epsilon >= Float.MIN_NORMAL && epsilon <= 1)) {
      throw new InputException("epsilon is " + epsilon, "It must be in 1.2e-38 … 1.");
    }
  }
}
