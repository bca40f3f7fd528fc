package dev.unroll.cell;

import dev.unroll.cells.MinimalGruCell;

/** The minimal GRU. */
final class ReferenceMinimalGruCell extends ReferenceMinimal {

  ReferenceMinimalGruCell(Sizes sizes, MinimalGruCell cell) {
    super(sizes, false);
  }
}
