package dev.unroll.train.optimizer;

import java.util.List;

/** One parameter under an optimizer in double precision, straight from the formulas. */
public final class ReferenceOptimizer {

  private final Optimizer optimizer;
  private double first;
  private double second;
  private int steps;

  public ReferenceOptimizer(Optimizer optimizer) {
    this.optimizer = optimizer;
  }

  /** Returns one with the same moments. */
  public ReferenceOptimizer copy() {
    return mean(List.of(this));
  }

  /** Returns one with the means of the moments of some that made as many steps. */
  public static ReferenceOptimizer mean(List<ReferenceOptimizer> some) {
    var mean = new ReferenceOptimizer(some.getFirst().optimizer);
    mean.steps = some.getFirst().steps;
    mean.first = some.stream().mapToDouble(each -> each.first).average().orElseThrow();
    mean.second = some.stream().mapToDouble(each -> each.second).average().orElseThrow();
    return mean;
  }

  /** Returns what is subtracted from the parameter for the gradient {@code g}. */
  public double change(double g, double rate) {
    steps++;
    return switch (optimizer) {
      case Sgd sgd -> {
        first = sgd.momentum() * first + g;
        yield rate * (sgd.nesterov() ? g + sgd.momentum() * first : first);
      }
      case Adam adam -> {
        first = adam.beta1() * first + (1 - adam.beta1()) * g;
        second = adam.beta2() * second + (1 - adam.beta2()) * g * g;
        double mean = first / (1 - Math.pow(adam.beta1(), steps));
        double square = second / (1 - Math.pow(adam.beta2(), steps));
        yield rate * mean / (Math.sqrt(square) + adam.epsilon());
      }
      case RmsProp prop -> {
        second = prop.alpha() * second + (1 - prop.alpha()) * g * g;
        first = prop.momentum() * first + g / (Math.sqrt(second) + prop.epsilon());
        yield rate * first;
      }
      case Adagrad adagrad -> {
        second += g * g;
        yield rate * g / (Math.sqrt(second) + adagrad.epsilon());
      }
      default -> throw new IllegalStateException("no reference of " + optimizer);
    };
  }
}
