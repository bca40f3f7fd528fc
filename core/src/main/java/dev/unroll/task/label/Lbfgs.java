package dev.unroll.task.label;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Minimizes a smooth convex function by the limited-memory method of Broyden, Fletcher, Goldfarb
 * and Shanno (Nocedal and Wright 2006, algorithms 7.4 and 7.5), in double precision and in one
 * order of sums. Each step is halved until it lowers the function enough (Armijo).
 */
final class Lbfgs {

  /** Steps that the curvature is taken from. */
  private static final int MEMORY = 5;

  /** The share of the decrease that the slope promises. */
  private static final double ENOUGH = 1e-4;

  /** A step this much shorter than Newton's lowers nothing that rounding would not hide. */
  private static final double SHORTEST = 1e-10;

  /** A gradient this much shorter than the first one is flat. */
  private static final double FLAT = 1e-6;

  /** A function of many variables. */
  interface Function {
    /**
     * Returns its value.
     *
     * @param at the variables
     * @param gradient receives the derivative by each
     */
    double at(double[] at, double[] gradient);
  }

  /**
   * A step that was taken.
   *
   * @param moved by how much the variables changed
   * @param turned by how much the gradient did
   * @param curvature the product of both, above 0
   */
  private record Step(double[] moved, double[] turned, double curvature) {}

  private Lbfgs() {}

  /** Returns the variables of the least value that is found from {@code start} in so many steps. */
  static double[] minimum(Function function, double[] start, int steps) {
    double[] here = start.clone();
    double[] gradient = new double[here.length];
    double value = function.at(here, gradient);
    double flat = FLAT * length(gradient);
    var taken = new ArrayDeque<Step>();
    for (int step = 0; step < steps && length(gradient) > flat; step++) {
      double[] direction = direction(gradient, taken);
      double slope = dot(gradient, direction);
      double[] next = new double[here.length];
      double[] nextGradient = new double[here.length];
      double length = taken.isEmpty() ? 1 / length(gradient) : 1;
      double least = length * SHORTEST;
      double found = Double.POSITIVE_INFINITY;
      while (length > least) {
        for (int i = 0; i < next.length; i++) {
          next[i] = here[i] + length * direction[i];
        }
        found = function.at(next, nextGradient);
        if (found <= value + ENOUGH * length * slope) {
          break;
        }
        length /= 2;
      }
      if (!(found < value)) {
        break;
      }
      remember(here, next, gradient, nextGradient, taken);
      here = next;
      gradient = nextGradient;
      value = found;
    }
    return here;
  }

  private static void remember(
      double[] here, double[] next, double[] gradient, double[] nextGradient, ArrayDeque<Step> to) {
    double[] moved = new double[here.length];
    double[] turned = new double[here.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = next[i] - here[i];
      turned[i] = nextGradient[i] - gradient[i];
    }
    double curvature = dot(moved, turned);
    if (curvature > 0) {
      to.addLast(new Step(moved, turned, curvature));
      if (to.size() > MEMORY) {
        to.removeFirst();
      }
    }
  }

  /** Returns the gradient, turned round and multiplied by an estimate of the inverse Hessian. */
  private static double[] direction(double[] gradient, ArrayDeque<Step> taken) {
    double[] q = gradient.clone();
    double[] shares = new double[taken.size()];
    int at = taken.size();
    for (Iterator<Step> steps = taken.descendingIterator(); steps.hasNext(); ) {
      Step step = steps.next();
      shares[--at] = dot(step.moved, q) / step.curvature;
      add(-shares[at], step.turned, q);
    }
    double scale = 1;
    if (!taken.isEmpty()) {
      Step last = taken.getLast();
      scale = last.curvature / dot(last.turned, last.turned);
    }
    for (int i = 0; i < q.length; i++) {
      q[i] *= scale;
    }
    for (Step step : taken) {
      add(shares[at++] - dot(step.turned, q) / step.curvature, step.moved, q);
    }
    for (int i = 0; i < q.length; i++) {
      q[i] = -q[i];
    }
    return q;
  }

  private static void add(double factor, double[] from, double[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * from[i];
    }
  }

  private static double length(double[] x) {
    return Math.sqrt(dot(x, x));
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }
}
