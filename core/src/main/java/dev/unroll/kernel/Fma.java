package dev.unroll.kernel;

import java.lang.management.ManagementFactory;

/**
 * Fused multiply-add: {@code a·b + c} with one rounding. Where the machine has an instruction for
 * it, this is {@link Math#fma(float, float, float)}; where it has none, that method computes with
 * decimal numbers on the heap, and the twin here is used, which gives the same bits.
 *
 * <p>There is none for double: the product of two floats is exact in it, so that {@code x·y + z} is
 * rounded once anyway.
 */
public final class Fma {

  /** Whether the JVM uses instructions for it; a constant to the just-in-time compiler. */
  static final boolean HARDWARE = hasInstruction();

  /** Of a double, the bits that a normal float does not have. */
  private static final long SURPLUS = (1L << 29) - 1;

  /** The surplus bits of a double in the middle between two floats. */
  private static final long HALFWAY = 1L << 28;

  private Fma() {}

  /** Returns {@code a·b + c}, rounded once. */
  public static float fma(float a, float b, float c) {
    return HARDWARE ? Math.fma(a, b, c) : emulated(a, b, c);
  }

  /**
   * The product is exact in double, and the sum is rounded twice: to double, then to float. That
   * gives other bits than one rounding only if the first one ends in the middle between two floats.
   */
  static float emulated(float a, float b, float c) {
    double product = (double) a * b;
    double sum = product + c;
    boolean simple =
        (Double.doubleToRawLongBits(sum) & SURPLUS) != HALFWAY && Math.abs(sum) >= Float.MIN_NORMAL;
    return simple ? (float) sum : (float) roundedToOdd(product, c);
  }

  /**
   * Returns the sum if it is exact, and otherwise that of its two neighbors whose last bit is 1: it
   * lies in no middle, and rounds as the exact sum does (Boldo and Melquiond 2008). Infinities and
   * NaN come out as they are, as their error is NaN.
   */
  private static double roundedToOdd(double x, double y) {
    double sum = x + y;
    double part = sum - x;
    double error = (x - (sum - part)) + (y - part); // exact (Knuth)
    long bits = Double.doubleToRawLongBits(sum);
    if ((error > 0 || error < 0) && (bits & 1) == 0) {
      bits += (error > 0) == (sum > 0) ? 1 : -1;
    }
    return Double.longBitsToDouble(bits);
  }

  /**
   * HotSpot says whether it uses the instruction. The bean is not in every run-time image, nor is
   * it part of every JVM: those are taken to have it.
   */
  private static boolean hasInstruction() {
    try {
      var type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
      var bean =
          ManagementFactory.getPlatformMXBean(
              type.asSubclass(java.lang.management.PlatformManagedObject.class));
      Object option = type.getMethod("getVMOption", String.class).invoke(bean, "UseFMA");
      return !"false".equals(option.getClass().getMethod("getValue").invoke(option));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return true;
    }
  }
}
