package dev.unroll.cell;

import dev.unroll.cells.SimplifiedGruCell;

/** The GRU without a reset gate. */
final class ReferenceSimplifiedGruCell extends ReferenceGru {

  ReferenceSimplifiedGruCell(Sizes sizes, SimplifiedGruCell cell) {
    super(sizes, Form.SIMPLIFIED);
  }
}
