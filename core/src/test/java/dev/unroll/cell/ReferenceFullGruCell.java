package dev.unroll.cell;

import dev.unroll.cells.FullGruCell;

/** The GRU with a reset gate, before or after the product. */
final class ReferenceFullGruCell extends ReferenceGru {

  ReferenceFullGruCell(Sizes sizes, FullGruCell cell) {
    super(sizes, cell.resetAfter() ? Form.RESET_AFTER : Form.RESET_BEFORE);
  }
}
