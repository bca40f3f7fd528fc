package dev.unroll.train.optimizer;

import dev.unroll.kernel.Fma;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
public record RmsProp(double rate, double alpha, double epsilon, double momentum)
    implements Optimizer {
  /** Checks the numbers. */
  public RmsProp {
    Ranges.checkRate(rate);
    Ranges.checkShare("alpha", alpha);
    Ranges.checkEpsilon(epsilon);
    Ranges.checkShare("momentum", momentum);
  }

  @Override
  public String describe() {
    return String.format(
        Locale.ROOT,
        "RmsProp[rate=%s, alpha=%s, epsilon=%s, momentum=%s]",
        rate,
        alpha,
        epsilon,
        momentum);
  }

  @Override
  public Update newUpdate(int size) {
    return new RmsPropUpdate(new float[size], new float[momentum == 0 ? 0 : size], this);
  }

  private record RmsPropUpdate(float[] v, float[] b, RmsProp rmsProp) implements Update {
    @Override
    public void apply(float[] parameters, float[] gradients, Step step, int from, int to) {
      float alpha = (float) rmsProp.alpha;
      float fresh = (float) (1 - rmsProp.alpha); // as in Adam
      float small = (float) rmsProp.epsilon;
      float rate = (float) step.rate();
      float scale = step.gradientScale();
      Blocks.dropFaded(v, step, from, to);
      Blocks.dropFaded(b, step, Math.min(b.length, from), Math.min(b.length, to));
      for (int block = from; block < to; block += Blocks.SIZE) {
        int end = Math.min(to, block + Blocks.SIZE);
        for (int i = block; i < end; i++) {
          float g = scale * gradients[i];
          v[i] = Fma.fma(alpha, v[i], fresh * (g * g));
        }
        if (b.length == 0) {
          for (int i = block; i < end; i++) {
            float quotient = scale * gradients[i] / ((float) Math.sqrt(v[i]) + small);
            parameters[i] = Fma.fma(-rate, quotient, parameters[i]);
          }
        } else {
          float keep = (float) rmsProp.momentum;
          for (int i = block; i < end; i++) {
            float quotient = scale * gradients[i] / ((float) Math.sqrt(v[i]) + small);
            b[i] = Fma.fma(keep, b[i], quotient);
          }
          for (int i = block; i < end; i++) {
            parameters[i] = Fma.fma(-rate, b[i], parameters[i]);
          }
        }
      }
    }

    /** Without momentum a parameter changes by its gradient only. */
    @Override
    public void catchUp(
        float[] parameters, float[] gradients, List<Change> missed, int from, int to) {
      if (b.length == 0) {
        Blocks.decay(v, (float) rmsProp.alpha, missed, from, to);
      } else {
        Update.super.catchUp(parameters, gradients, missed, from, to);
      }
    }

    @Override
    public Map<String, float[]> moments() {
      return Map.of("v", v, "b", b);
    }
  }
}
