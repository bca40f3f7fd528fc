package dev.unroll.kernel;

import dev.unroll.base.Workers;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sums and maxima along a row. Element i of a row is added to partial sum i mod 16, and the sixteen
 * partial sums are then added in a fixed tree, whatever the width of a vector: the same bits from
 * 128-, 256- and 512-bit vectors and from the scalar twin.
 */
public final class Reductions {

  /** Elements whose sum of squares is taken in single precision before it is added in double. */
  private static final int NORM_CHUNK = 4096;

  /** Elements that are passed over together where they are known to be zeros. */
  private static final int NORM_BLOCK = 256;

  private static final int BLOCKS_OF_CHUNK = NORM_CHUNK / NORM_BLOCK;

  private Reductions() {}

  /** Returns the sum of {@code count} elements from {@code from} on. */
  public static float sum(float[] x, int from, int count) {
    float[] partials = new float[PartialSums.COUNT];
    int done = Kernels.vector() ? VectorReductions.sum(x, from, count, partials) : 0;
    for (int i = done; i < count; i++) {
      partials[i % PartialSums.COUNT] += x[from + i];
    }
    return PartialSums.tree(partials);
  }

  /**
   * Returns the inner product of {@code count} elements of x, from {@code from} on, and of y, from
   * {@code with} on.
   */
  public static float dot(float[] x, int from, float[] y, int with, int count) {
    float[] partials = new float[PartialSums.COUNT];
    addDot(x, from, y, with, count, partials);
    return PartialSums.tree(partials);
  }

  /** Adds the products of {@code count} elements to partial sums. */
  private static void addDot(
      float[] x, int from, float[] y, int with, int count, float[] partials) {
    int done = Kernels.vector() ? VectorReductions.addDot(x, from, y, with, count, partials) : 0;
    for (int i = done; i < count; i++) {
      partials[i % PartialSums.COUNT] =
          Fma.fma(x[from + i], y[with + i], partials[i % PartialSums.COUNT]);
    }
  }

  /** Returns whether {@code count} elements from {@code from} on are finite. */
  public static boolean areFinite(float[] x, int from, int count) {
    int greatest = 0;
    for (int i = from; i < from + count; i++) {
      greatest = Math.max(greatest, Float.floatToRawIntBits(x[i]) & Integer.MAX_VALUE);
    }
    return greatest < 0x7f800000; // the bits of infinity; those of a NaN are more
  }

  /** Returns the greatest of {@code count} &gt; 0 elements; a NaN is passed over. */
  public static float max(float[] x, int from, int count) {
    float greatest = Float.NEGATIVE_INFINITY;
    int done = 0;
    if (Kernels.vector() && count >= Lanes.COUNT) {
      done = count - count % Lanes.COUNT;
      greatest = VectorReductions.max(x, from, done);
    }
    for (int i = done; i < count; i++) {
      greatest = x[from + i] > greatest ? x[from + i] : greatest;
    }
    return greatest + 0f; // of zeros, +0, whichever came first
  }

  /**
   * Returns the place of the greatest of {@code count} elements, from 0 on; of equals the first.
   */
  public static int placeOfMax(float[] x, int from, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (x[from + i] > x[from + best]) {
        best = i;
      }
    }
    return best;
  }

  /**
   * Replaces each of {@code count} elements by exp(element - shift) and returns the sum of the
   * results.
   */
  public static float replaceByExp(float[] x, int from, int count, float shift) {
    float[] partials = new float[PartialSums.COUNT];
    int done =
        Kernels.vector() ? VectorReductions.replaceByExp(x, from, count, shift, partials) : 0;
    for (int i = done; i < count; i++) {
      float e = Functions.exp(x[from + i] - shift);
      x[from + i] = e;
      partials[i % PartialSums.COUNT] += e;
    }
    return PartialSums.tree(partials);
  }

  /** Returns Σ exp(element - shift) and leaves the elements as they are. */
  public static float sumOfExp(float[] x, int from, int count, float shift) {
    float[] partials = new float[PartialSums.COUNT];
    int done = Kernels.vector() ? VectorReductions.sumOfExp(x, from, count, shift, partials) : 0;
    for (int i = done; i < count; i++) {
      partials[i % PartialSums.COUNT] += Functions.exp(x[from + i] - shift);
    }
    return PartialSums.tree(partials);
  }

  /** Returns the Euclidean norm of the whole array, as the other does. */
  public static double norm(float[] x, Workers workers) {
    return norm(x, null, workers);
  }

  /**
   * Returns the Euclidean norm of the whole array. Chunks of 4,096 squares are summed in single
   * precision (in double where that would overflow or underflow), the chunks in double, in
   * ascending order on any number of threads.
   *
   * @param blocks what {@link #markBlocks} marked: the elements that may be something else than
   *     zeros; null for all. They change no bit
   */
  public static double norm(float[] x, @Nullable BitSet blocks, Workers workers) {
    int[] busy = chunks(x.length, blocks);
    double[] squares = new double[busy.length];
    workers.run(
        busy.length,
        16,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int start = busy[i] * NORM_CHUNK;
            int end = Math.min(x.length, start + NORM_CHUNK);
            float sum = squares(x, start, end, blocks);
            boolean exact = sum > 1e-25f && sum < Float.POSITIVE_INFINITY;
            squares[i] = exact ? sum : squaresInDouble(x, start, end - start);
          }
        });
    double total = 0;
    for (double square : squares) {
      total += square;
    }
    return Math.sqrt(total);
  }

  /** Returns the numbers of the chunks that have a marked block. */
  private static int[] chunks(int elements, @Nullable BitSet blocks) {
    if (blocks == null) {
      return IntStream.range(0, ceil(elements, NORM_CHUNK)).toArray();
    }
    var busy = IntStream.builder();
    for (int block = blocks.nextSetBit(0); block >= 0; ) {
      int chunk = block / BLOCKS_OF_CHUNK;
      busy.add(chunk);
      block = blocks.nextSetBit((chunk + 1) * BLOCKS_OF_CHUNK);
    }
    return busy.build().toArray();
  }

  /** Returns the sum of the squares of a chunk; a zero adds nothing to a partial sum. */
  private static float squares(float[] x, int start, int end, @Nullable BitSet blocks) {
    if (blocks == null) {
      return dot(x, start, x, start, end - start);
    }
    float[] partials = new float[PartialSums.COUNT];
    int last = ceil(end, NORM_BLOCK);
    for (int block = blocks.nextSetBit(start / NORM_BLOCK); block >= 0 && block < last; ) {
      int after = Math.min(last, blocks.nextClearBit(block));
      int from = block * NORM_BLOCK;
      addDot(x, from, x, from, Math.min(end, after * NORM_BLOCK) - from, partials);
      block = blocks.nextSetBit(after);
    }
    return PartialSums.tree(partials);
  }

  /** Marks the blocks of {@link #norm} in which some elements lie. */
  public static void markBlocks(BitSet blocks, int from, int to) {
    blocks.set(from / NORM_BLOCK, ceil(to, NORM_BLOCK));
  }

  private static int ceil(int elements, int each) {
    return (elements + each - 1) / each;
  }

  private static double squaresInDouble(float[] x, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += (double) x[i] * x[i]; // the product is exact
    }
    return sum;
  }
}
