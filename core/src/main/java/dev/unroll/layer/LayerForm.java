package dev.unroll.layer;

import dev.unroll.cell.Cell;

/**
 * What a layer consists of.
 *
 * @param cell its cell
 * @param inputs number of inputs of a step
 * @param units H, the number of units
 * @param projection P, the width that the output of a cell with a memory is projected to; 0 for
 *     none
 * @param normalized whether there is layer normalization inside the cell
 * @param zoneout which elements keep their values
 * @param learnedStart whether the state before the first step is learned, instead of zeros
 */
public record LayerForm(
    Cell cell,
    int inputs,
    int units,
    int projection,
    boolean normalized,
    Zoneout zoneout,
    boolean learnedStart) {

  /** A layer without any option, which begins with zeros. */
  public static LayerForm plain(Cell cell, int inputs, int units) {
    return new LayerForm(cell, inputs, units, 0, false, Zoneout.NONE, false);
  }

  /** Refuses a projection that is not narrower, or of a cell whose state is its output. */
  public LayerForm {
    if (projection > 0 && !cell.hasMemory()) {
      throw new IllegalArgumentException(
          "a projection of " + cell.label() + ", which has no memory");
    }
    if (projection < 0 || (projection > 0 && projection >= units)) {
      throw new IllegalArgumentException("a projection of " + units + " to " + projection);
    }
  }

  /** Returns whether the output is projected. */
  boolean projects() {
    return projection > 0;
  }

  /** Returns the width of a⟨t⟩: P with a projection, else H. */
  int outputs() {
    return projects() ? projection : units;
  }

  /** Returns G·H, the width of all gates. */
  int width() {
    return cell.gates().size() * units;
  }
}
