package dev.unroll.interop.onnx.op;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.function.BinaryOperator;

/** What two elements are to one another. A NaN is not less, equal or greater. */
enum Comparison {
  EQUAL {
    @Override
    boolean holds(double a, double b) {
      return a == b;
    }
  },
  LESS {
    @Override
    boolean holds(double a, double b) {
      return a < b;
    }
  },
  LESS_OR_EQUAL {
    @Override
    boolean holds(double a, double b) {
      return a <= b;
    }
  },
  GREATER {
    @Override
    boolean holds(double a, double b) {
      return a > b;
    }
  },
  GREATER_OR_EQUAL {
    @Override
    boolean holds(double a, double b) {
      return a >= b;
    }
  };

  abstract boolean holds(double a, double b);

  /** Truth values of all pairs of elements. */
  Tensor apply(Tensor a, Tensor b) {
    if (a.type() != b.type()) {
      throw new IllegalArgumentException(
          "the types differ: " + a.type().label() + " and " + b.type().label());
    }
    boolean unsigned = a.type() == ElementType.UINT64;
    Object x = a.elements();
    Object y = b.elements();
    return test(
        a,
        b,
        (i, j) -> {
          if (x instanceof float[] floats) {
            return holds(floats[i], ((float[]) y)[j]);
          } else if (x instanceof double[] doubles) {
            return holds(doubles[i], ((double[]) y)[j]);
          } else if (x instanceof long[] longs) {
            long one = longs[i];
            long other = ((long[]) y)[j];
            return holds(unsigned ? Long.compareUnsigned(one, other) : Long.compare(one, other), 0);
          } else if (x instanceof boolean[] booleans) {
            return holds(Boolean.compare(booleans[i], ((boolean[]) y)[j]), 0);
          }
          return this == EQUAL && Objects.equals(((String[]) x)[i], ((String[]) y)[j]);
        });
  }

  /** A function of all pairs of truth values. */
  static Tensor logic(Tensor a, Tensor b, BinaryOperator<Boolean> function) {
    if (!(a.elements() instanceof boolean[] x) || !(b.elements() instanceof boolean[] y)) {
      throw new IllegalArgumentException("both inputs must be bool");
    }
    return test(a, b, (i, j) -> function.apply(x[i], y[j]));
  }

  @FunctionalInterface
  private interface Test {
    boolean of(int i, int j);
  }

  private static Tensor test(Tensor a, Tensor b, Test test) {
    Shape shape = Axes.broadcast(List.of(a.shape(), b.shape()));
    boolean[] out = Elements.booleans(shape);
    var walk = new RowWalk(shape, Axes.strides(a.shape(), shape), Axes.strides(b.shape(), shape));
    for (; walk.hasRow(); walk.next()) {
      for (int i = 0; i < walk.length(); i++) {
        out[walk.target() + i] =
            test.of(walk.start(0) + i * walk.step(0), walk.start(1) + i * walk.step(1));
      }
    }
    return Tensor.adopt(ElementType.BOOL, shape, out);
  }
}
