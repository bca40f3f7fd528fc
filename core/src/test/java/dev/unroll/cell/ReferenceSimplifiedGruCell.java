package dev.unroll.cell;

/** The GRU without a reset gate. */
final class ReferenceSimplifiedGruCell extends ReferenceGru {

  ReferenceSimplifiedGruCell(Sizes sizes, SimplifiedGruCell cell) {
    super(sizes, Form.SIMPLIFIED);
  }
}
