package dev.unroll.bench.kernels;

import dev.unroll.kernel.Fma;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Fused multiply-adds as on a machine without the instruction: those of the kernel, and those of
 * the JDK, which compute with decimal numbers.
 */
@State(Scope.Thread)
@Fork(jvmArgsAppend = "-XX:-UseFMA")
public class FmaBenchmark {

  /** Elements of a row. */
  @Param("512")
  public int size;

  private float[] x;
  private float[] y;
  private float[] z;

  /** Creates the rows. */
  @Setup
  public void prepare() {
    var random = new Random(1);
    x = new float[size];
    y = new float[size];
    z = new float[size];
    for (int i = 0; i < size; i++) {
      x[i] = 2 * random.nextFloat() - 1;
      y[i] = 2 * random.nextFloat() - 1;
    }
  }

  /** The bound: memory traffic only. */
  @Benchmark
  public float[] copy() {
    System.arraycopy(x, 0, z, 0, size);
    return z;
  }

  /** z = x ∗ y + x, of the kernel. */
  @Benchmark
  public float[] fma() {
    for (int i = 0; i < size; i++) {
      z[i] = Fma.fma(x[i], y[i], x[i]);
    }
    return z;
  }

  /** z = x ∗ y + x, of the JDK. */
  @Benchmark
  public float[] fmaOfJdk() {
    for (int i = 0; i < size; i++) {
      z[i] = Math.fma(x[i], y[i], x[i]);
    }
    return z;
  }
}
