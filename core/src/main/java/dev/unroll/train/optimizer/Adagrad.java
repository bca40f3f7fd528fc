package dev.unroll.train.optimizer;

import dev.unroll.kernel.Fma;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
public record Adagrad(double rate, double epsilon) implements Optimizer {
  /** Checks the numbers. */
  public Adagrad {
    Ranges.checkRate(rate);
    Ranges.checkEpsilon(epsilon);
  }

  @Override
  public String describe() {
    return String.format(Locale.ROOT, "Adagrad[rate=%s, epsilon=%s]", rate, epsilon);
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
      for (int block = from; block < to; block += Blocks.SIZE) {
        int end = Math.min(to, block + Blocks.SIZE);
        for (int i = block; i < end; i++) {
          float g = scale * gradients[i];
          s[i] = Fma.fma(g, g, s[i]);
        }
        for (int i = block; i < end; i++) {
          float quotient = scale * gradients[i] / ((float) Math.sqrt(s[i]) + epsilon);
          parameters[i] = Fma.fma(-rate, quotient, parameters[i]);
        }
      }
    }

    /** Without a gradient nothing changes. */
    @Override
    public void catchUp(
        float[] parameters, float[] gradients, List<Change> missed, int from, int to) {}

    @Override
    public Map<String, float[]> moments() {
      return Map.of("s", s);
    }
  }
}
