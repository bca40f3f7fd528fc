package dev.unroll.bench.contender;

/**
 * The values that every contender computes with, the same for all: hashes of their index
 * (SplitMix64, Steele, Lea and Flood 2014).
 */
public final class Numbers {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private Numbers() {}

  /** Kind of the values; each has its own sequence. */
  public enum Kind {
    /** Inputs, [T][B][H]. */
    INPUT,
    /** The gradient of the outputs, and the weights of their checksum, [T][B][H]. */
    OUTPUT_GRADIENT,
    /** Input weights of a layer, [G·H][H]. */
    INPUT_WEIGHT,
    /** Recurrent weights of a layer, [G·H][H]. */
    RECURRENT_WEIGHT,
    /** Biases of a layer, [G·H]. */
    BIAS,
    /** Of a GRU, the bias inside the reset, [H]. */
    RECURRENT_BIAS,
    /** Vectors of the tokens, [V][H]. */
    EMBEDDING,
    /** Weights of the output layer, [V][H]. */
    HEAD_WEIGHT,
    /** Biases of the output layer, [V]. */
    HEAD_BIAS,
    /** Tokens read, [T][B]. */
    INPUT_TOKEN,
    /** Tokens to predict, [T][B]. */
    TARGET_TOKEN
  }

  /** Returns {@code count} numbers in ±{@code bound}; each layer has its own. */
  public static float[] uniform(Kind kind, int layer, int count, double bound) {
    return uniform(seed(kind, layer), count, bound);
  }

  private static float[] uniform(long seed, int count, double bound) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      double unit = (bits(seed, i) >>> 11) * 0x1p-53;
      values[i] = (float) (bound * (2 * unit - 1));
    }
    return values;
  }

  /** Returns the values of a parameter of a task's network: numbers in ±1/√H, by its name. */
  public static float[] parameter(String name, int count, int units) {
    return uniform(mix(name.hashCode()), count, 1 / Math.sqrt(units));
  }

  /** Returns a layer's weights or biases: numbers in ±1/√H. */
  public static float[] parameters(Kind kind, int layer, Case work) {
    int units = work.units();
    int gates = work.cell().gates();
    int count =
        switch (kind) {
          case INPUT_WEIGHT, RECURRENT_WEIGHT -> gates * units * units;
          case BIAS -> gates * units;
          case RECURRENT_BIAS -> units;
          case EMBEDDING, HEAD_WEIGHT -> work.vocabulary() * units;
          case HEAD_BIAS -> work.vocabulary();
          default -> throw new IllegalArgumentException(kind + " is not a parameter");
        };
    return uniform(kind, layer, count, 1 / Math.sqrt(units));
  }

  /** Returns {@code count} numbers in [0, bound). */
  public static int[] tokens(Kind kind, int count, int bound) {
    int[] values = new int[count];
    long seed = seed(kind, 0);
    for (int i = 0; i < count; i++) {
      values[i] = (int) (((bits(seed, i) >>> 33) * bound) >>> 31);
    }
    return values;
  }

  /** Returns the inner product of values with the numbers of {@link Kind#OUTPUT_GRADIENT}. */
  public static double checkSum(float[] values) {
    float[] weights = uniform(Kind.OUTPUT_GRADIENT, 0, values.length, 1);
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += (double) values[i] * weights[i];
    }
    return sum;
  }

  /** Returns the Euclidean norm. */
  public static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }

  private static long seed(Kind kind, int layer) {
    return mix(31L * layer + kind.name().hashCode());
  }

  private static long bits(long seed, long index) {
    return mix(seed + (index + 1) * GAMMA);
  }

  private static long mix(long z) {
    long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }
}
