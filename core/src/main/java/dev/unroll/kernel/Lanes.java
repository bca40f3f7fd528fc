package dev.unroll.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shape of this run, and loads and stores of part of a vector.
 *
 * <p>Loops run over whole vectors under {@link #ALL} and end with one step under {@link #tail}.
 * Each loop body is written once and takes its mask as an argument: where it is inlined with the
 * constant {@code ALL}, the test in {@link #load} folds away and the access is a plain one.
 *
 * <p>This class is only reached when {@link Kernels#VECTOR} is true, so the module {@code
 * jdk.incubator.vector} may be absent.
 */
@SuppressWarnings("ReferenceEquality") // whether a mask IS the constant is what the compiler folds
final class Lanes {

  static final VectorSpecies<Float> SPECIES = chooseSpecies();
  static final int COUNT = SPECIES.length();

  /** Vectors of a panel: 512-bit vectors and ARM come with 32 registers; elsewhere count on 16. */
  static final int PANEL_VECTORS =
      SPECIES.vectorBitSize() >= 512 || System.getProperty("os.arch", "").equals("aarch64") ? 4 : 2;

  static final VectorMask<Float> ALL = SPECIES.maskAll(true);
  private static final VectorMask<Float>[] TAILS = tails();

  private Lanes() {}

  static int bits() {
    return SPECIES.vectorBitSize();
  }

  /** The mask of the first {@code count} lanes, for 0 ≤ count &lt; {@link #COUNT}. */
  static VectorMask<Float> tail(int count) {
    return TAILS[count];
  }

  static FloatVector load(float[] data, int offset, VectorMask<Float> mask) {
    return mask == ALL
        ? FloatVector.fromArray(SPECIES, data, offset)
        : FloatVector.fromArray(SPECIES, data, offset, mask);
  }

  static void store(FloatVector value, float[] data, int offset, VectorMask<Float> mask) {
    if (mask == ALL) {
      value.intoArray(data, offset);
    } else {
      value.intoArray(data, offset, mask);
    }
  }

  private static VectorSpecies<Float> chooseSpecies() {
    return switch (System.getProperty("unroll.vector.bits", "preferred")) {
      case "preferred" ->
          FloatVector.SPECIES_PREFERRED.vectorBitSize() > 512
              ? FloatVector.SPECIES_512 // as wide as the partial sums of Reductions
              : FloatVector.SPECIES_PREFERRED;
      case "128" -> FloatVector.SPECIES_128;
      case "256" -> FloatVector.SPECIES_256;
      case "512" -> FloatVector.SPECIES_512;
      default ->
          throw new IllegalStateException(
              "unroll.vector.bits is "
                  + System.getProperty("unroll.vector.bits")
                  + ", must be 128, 256 or 512");
    };
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of a generic type
  private static VectorMask<Float>[] tails() {
    var masks = (VectorMask<Float>[]) new VectorMask[COUNT];
    for (int count = 0; count < COUNT; count++) {
      masks[count] = SPECIES.indexInRange(0, count);
    }
    return masks;
  }
}
