package dev.unroll.bench.kernels;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.kernel.Products;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** {@code C += A·B} and {@code C += Aᵀ·B} on one thread, on the shapes of the recurrent layers. */
@State(Scope.Thread)
public class ProductBenchmark {

  /**
   * Rows of C, depth, columns of C; {@code T} where A is transposed (the weight gradients). In
   * order: one step of (50, 50, 128), (64, 32, 256) and (128, 64, 512) forward, the same backward,
   * the weight gradients, a streaming step, logits of a vocabulary of 10,000.
   */
  @Param({
    "50×128×512",
    "32×256×1024",
    "64×512×2048",
    "50×512×128",
    "32×1024×256",
    "64×2048×512",
    "T512×2500×128",
    "T1024×2048×256",
    "1×128×512",
    "1×512×2048",
    "250×200×10000",
  })
  public String shape;

  private Matrix left;
  private final PackedMatrix right = new PackedMatrix();
  private Matrix sums;

  /** Creates the operands. */
  @Setup
  public void prepare() {
    int[] size = size(shape);
    boolean transposed = shape.startsWith("T");
    left = transposed ? random(size[1], size[0]).transposed() : random(size[0], size[1]);
    right.pack(random(size[1], size[2]), Workers.single());
    sums = random(size[0], size[2]);
  }

  static int[] size(String shape) {
    String[] parts = shape.replace("T", "").split("×");
    return new int[] {
      Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2])
    };
  }

  private static Matrix random(int rows, int columns) {
    var random = new Random(1);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return Matrix.of(values, rows, columns);
  }

  /** One product. */
  @Benchmark
  public Matrix product() {
    Products.multiplyAdd(left, right, sums, Workers.single());
    return sums;
  }
}
