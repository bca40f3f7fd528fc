package dev.unroll.train.optimizer;

import dev.unroll.base.InputException;
import dev.unroll.kernel.Fma;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
public record Sgd(double rate, double momentum, boolean nesterov) implements Optimizer {
  /** Checks the numbers. */
  public Sgd {
    Ranges.checkRate(rate);
    Ranges.checkShare("momentum", momentum);
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
    return String.format(
        Locale.ROOT, "Sgd[rate=%s, momentum=%s, nesterov=%s]", rate, momentum, nesterov);
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
        parameters[i] = Fma.fma(-rate, scale * gradients[i], parameters[i]);
      }
    }

    /** Without a gradient nothing changes. */
    @Override
    public void catchUp(
        float[] parameters, float[] gradients, List<Change> missed, int from, int to) {}

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
      Blocks.dropFaded(v, step, from, to);
      for (int i = from; i < to; i++) {
        v[i] = Fma.fma(keep, v[i], scale * gradients[i]);
      }
      if (nesterov) {
        for (int i = from; i < to; i++) {
          float ahead = Fma.fma(keep, v[i], scale * gradients[i]);
          parameters[i] = Fma.fma(-rate, ahead, parameters[i]);
        }
        return;
      }
      for (int i = from; i < to; i++) {
        parameters[i] = Fma.fma(-rate, v[i], parameters[i]);
      }
    }

    /** Once the last change has faded no parameter changes any more. */
    @Override
    public void catchUp(
        float[] parameters, float[] gradients, List<Change> missed, int from, int to) {
      int next = 0;
      while (next < missed.size() && !Blocks.haveFaded(v, missed, next, from, to)) {
        missed.get(next++).apply(parameters, gradients, from, to);
      }
    }

    @Override
    public Map<String, float[]> moments() {
      return Map.of("v", v);
    }
  }
}
