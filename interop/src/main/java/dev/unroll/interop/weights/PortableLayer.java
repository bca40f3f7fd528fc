package dev.unroll.interop.weights;

import dev.unroll.base.InputException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer: one cell that reads a sequence from its first step to its last or the other
 * way, or two that read it both ways.
 *
 * @param forward what reads from the first step to the last; null where nothing does
 * @param backward what reads from the last step to the first; null where nothing does
 * @param summed whether the outputs of both ways are added, and not side by side
 */
public record PortableLayer(
    @Nullable PortableCell forward, @Nullable PortableCell backward, boolean summed) {

  /**
   * Creates a layer.
   *
   * @throws InputException if its two ways differ in form or size
   */
  public PortableLayer {
    if (forward == null && backward == null) {
      throw new InputException("a recurrent layer without cells", "Give one for each way.");
    }
    if (forward != null && backward != null && !forward.isAlike(backward)) {
      throw new InputException(
          "a layer whose two ways differ in cell or size",
          "Give both ways the same kind of cell and the same number of units.");
    }
    if (summed && (forward == null || backward == null)) {
      throw new InputException("a sum of one way", "Give a cell for both ways.");
    }
  }

  /** A layer that reads from the first step to the last. */
  public PortableLayer(PortableCell forward) {
    this(forward, null, false);
  }

  /** The cell that reads forward, or the one that reads backward where nothing does. */
  public PortableCell cell() {
    if (forward != null) {
      return forward;
    }
    return Objects.requireNonNull(backward);
  }

  /** Whether it reads both ways. */
  public boolean readsBothWays() {
    return forward != null && backward != null;
  }

  /** The width of what comes out. */
  public int outputs() {
    return cell().outputs() * (readsBothWays() && !summed ? 2 : 1);
  }
}
