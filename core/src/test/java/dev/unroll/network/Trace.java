package dev.unroll.network;

import java.util.ArrayList;
import java.util.List;

/**
 * Numbers in double precision that remember what they were computed from, so that a reference needs
 * only the equations of the forward pass: the backward pass is the chain rule over all of them, the
 * last first.
 */
public final class Trace {

  /** A number, and after {@link #backward} the derivative of the last by it. */
  public static final class Value {
    public final double value;
    public double gradient;
    private final Value[] of;
    private final double[] slopes;

    private Value(double value, Value[] of, double[] slopes) {
      this.value = value;
      this.of = of;
      this.slopes = slopes;
    }
  }

  private final List<Value> values = new ArrayList<>();

  private Value add(double value, Value[] of, double... slopes) {
    var made = new Value(value, of, slopes);
    values.add(made);
    return made;
  }

  public Value constant(double value) {
    return add(value, new Value[0]);
  }

  public Value plus(Value x, Value y) {
    return add(x.value + y.value, new Value[] {x, y}, 1, 1);
  }

  public Value times(Value x, Value y) {
    return add(x.value * y.value, new Value[] {x, y}, y.value, x.value);
  }

  /** Returns 1 - x. */
  public Value complement(Value x) {
    return add(1 - x.value, new Value[] {x}, -1);
  }

  public Value quotient(Value x, Value y) {
    double quotient = x.value / y.value;
    return add(quotient, new Value[] {x, y}, 1 / y.value, -quotient / y.value);
  }

  /** Returns 1 / √x. */
  Value inverseRoot(Value x) {
    double root = 1 / Math.sqrt(x.value);
    return add(root, new Value[] {x}, -root / x.value / 2);
  }

  Value tanh(Value x) {
    double tanh = Math.tanh(x.value);
    return add(tanh, new Value[] {x}, 1 - tanh * tanh);
  }

  public Value sigmoid(Value x) {
    double sigmoid = 1 / (1 + Math.exp(-x.value));
    return add(sigmoid, new Value[] {x}, sigmoid * (1 - sigmoid));
  }

  public Value exp(Value x) {
    double exp = Math.exp(x.value);
    return add(exp, new Value[] {x}, exp);
  }

  public Value negativeLog(Value x) {
    return add(-Math.log(x.value), new Value[] {x}, -1 / x.value);
  }

  /** Returns log(eˣ + eʸ + …), which is -∞ of none. */
  Value logSumExp(Value... terms) {
    double greatest = Double.NEGATIVE_INFINITY;
    for (Value term : terms) {
      greatest = Math.max(greatest, term.value);
    }
    double sum = 0;
    double[] shares = new double[terms.length];
    for (int i = 0; i < terms.length; i++) {
      shares[i] = Math.exp(terms[i].value - greatest);
      sum += shares[i];
    }
    for (int i = 0; i < terms.length; i++) {
      shares[i] /= sum;
    }
    return add(greatest + Math.log(sum), terms, shares);
  }

  public Value sum(Value... terms) {
    Value sum = constant(0);
    for (Value term : terms) {
      sum = plus(sum, term);
    }
    return sum;
  }

  /** Fills the gradients of all values that {@code last} was computed from. */
  public void backward(Value last) {
    last.gradient = 1;
    for (int i = values.size() - 1; i >= 0; i--) {
      Value value = values.get(i);
      for (int k = 0; k < value.of.length; k++) {
        value.of[k].gradient += value.slopes[k] * value.gradient;
      }
    }
  }
}
