package dev.unroll.bench.kernels;

import dev.unroll.kernel.Functions;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Softmax;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Element-wise kernels on one thread; {@code copy} reads and writes the same amount and computes
 * nothing.
 */
@State(Scope.Thread)
public class RowBenchmark {

  /** Elements of a row: gates of 128 units, a vocabulary, more than a core's caches. */
  @Param({"512", "10000", "4000000"})
  public int size;

  private float[] x;
  private float[] y;

  /** Creates the row. */
  @Setup
  public void prepare() {
    var random = new Random(1);
    x = new float[size];
    y = new float[size];
    for (int i = 0; i < size; i++) {
      x[i] = 6 * random.nextFloat() - 3;
    }
  }

  /** The bound: memory traffic only. */
  @Benchmark
  public float[] copy() {
    System.arraycopy(x, 0, y, 0, size);
    return y;
  }

  /** y = exp(x). */
  @Benchmark
  public float[] exp() {
    Functions.exp(x, y, 0, size);
    return y;
  }

  /** y = sigmoid(x). */
  @Benchmark
  public float[] sigmoid() {
    Functions.sigmoid(x, y, 0, size);
    return y;
  }

  /** y = tanh(x). */
  @Benchmark
  public float[] tanh() {
    Functions.tanh(x, y, 0, size);
    return y;
  }

  /** y += x. */
  @Benchmark
  public float[] add() {
    Rows.add(x, 0, y, 0, size);
    return y;
  }

  /** log Σ exp(x): two passes that only read. */
  @Benchmark
  public double logSumExp() {
    return Softmax.logSumExp(x, 0, size);
  }
}
