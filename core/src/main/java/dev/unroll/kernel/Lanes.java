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

  /** Vectors of a panel: 512-bit vectors and ARM come with 32 registers; elsewhere count on 16. */
  static final int PANEL_VECTORS =
      SPECIES.vectorBitSize() >= 512 || System.getProperty("os.arch", "").equals("aarch64") ? 4 : 2;

  private Lanes() {}

  static int bits() {
    return SPECIES.vectorBitSize();
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
