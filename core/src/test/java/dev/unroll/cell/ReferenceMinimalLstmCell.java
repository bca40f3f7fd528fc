package dev.unroll.cell;

/** The minimal LSTM. */
final class ReferenceMinimalLstmCell extends ReferenceMinimal {

  ReferenceMinimalLstmCell(Sizes sizes, MinimalLstmCell cell) {
    super(sizes, true);
  }
}
