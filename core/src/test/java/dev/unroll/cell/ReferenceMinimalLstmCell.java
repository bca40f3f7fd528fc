package dev.unroll.cell;

import dev.unroll.cells.MinimalLstmCell;

/** The minimal LSTM. */
final class ReferenceMinimalLstmCell extends ReferenceMinimal {

  ReferenceMinimalLstmCell(Sizes sizes, MinimalLstmCell cell) {
    super(sizes, true);
  }
}
