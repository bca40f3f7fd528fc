package dev.unroll.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shape of this run.
 *
 * <p>This class is only reached when {@link Kernels#VECTOR} is true, so the module {@code
 * jdk.incubator.vector} may be absent.
 */
final class Lanes {

  static final VectorSpecies<Float> SPECIES = chooseSpecies();
  static final int COUNT = SPECIES.length();

  /**
   * The class of all vectors here. C2 turns an operation into an instruction if it knows the class
   * of the vector whose method it is. It knows that of a vector just loaded, not that of one that a
   * loop hands on: there it goes by the calls that the JVM happened to profile, and if these were
   * few, or of several classes, each vector becomes an object, for the rest of the process. So
   * kernels call no method of such a vector unless it was cast to this class, which costs no
   * instruction.
   */
  static final Class<? extends FloatVector> TYPE = type(SPECIES);

  /** Vectors of a panel: 512-bit vectors and ARM come with 32 registers; elsewhere count on 16. */
  static final int PANEL_VECTORS =
      SPECIES.vectorBitSize() >= 512 || System.getProperty("os.arch", "").equals("aarch64") ? 4 : 2;

  private Lanes() {}

  static int bits() {
    return SPECIES.vectorBitSize();
  }

  /** Returns the class of the vectors of a species, as {@link #TYPE}. */
  static Class<? extends FloatVector> type(VectorSpecies<Float> species) {
    return FloatVector.zero(species).getClass();
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
}
