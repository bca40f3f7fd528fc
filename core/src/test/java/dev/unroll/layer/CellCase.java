package dev.unroll.layer;

import dev.unroll.cell.Cell;
import dev.unroll.cell.ReferenceCell;
import dev.unroll.kernel.Layout;
import dev.unroll.network.Cells;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A cell with or without projection and layer normalization.
 *
 * @param cell which cell
 * @param projected whether its output is projected to half its units; only with a memory cell
 * @param normalized whether there is layer normalization inside
 */
record CellCase(Cell cell, boolean projected, boolean normalized) {

  static CellCase plain(Cell cell) {
    return new CellCase(cell, false, false);
  }

  static Stream<CellCase> all() {
    return Cells.ALL.stream()
        .flatMap(
            cell ->
                IntStream.range(0, 4)
                    .mapToObj(bits -> new CellCase(cell, (bits & 1) > 0, (bits & 2) > 0)))
        .filter(form -> form.hasMemory() || !form.projected);
  }

  @Override
  public String toString() {
    return cell.label() + (projected ? ", projected" : "") + (normalized ? ", normalized" : "");
  }

  boolean hasMemory() {
    return cell.hasMemory();
  }

  private int projection(int units) {
    return projected && hasMemory() ? units / 2 : 0;
  }

  int outputs(int units) {
    return projection(units) > 0 ? projection(units) : units;
  }

  LayerForm parts(int inputs, int units) {
    return new LayerForm(cell, inputs, units, projection(units), normalized, Zoneout.NONE, false);
  }

  RecurrentLayer layer(int inputs, int units, Layout layout) {
    return new RecurrentLayer(parts(inputs, units), "", layout);
  }

  ReferenceCell reference(int inputs, int units) {
    var sizes = new ReferenceCell.Sizes(inputs, units, projection(units), normalized);
    return ReferenceCell.of(cell, sizes);
  }
}
