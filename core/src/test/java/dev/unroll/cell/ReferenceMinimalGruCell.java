package dev.unroll.cell;

/** The minimal GRU. */
final class ReferenceMinimalGruCell extends ReferenceMinimal {

  ReferenceMinimalGruCell(Sizes sizes, MinimalGruCell cell) {
    super(sizes, false);
  }
}
