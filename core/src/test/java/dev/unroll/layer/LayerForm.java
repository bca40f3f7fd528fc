package dev.unroll.layer;

import dev.unroll.kernel.CellBuffers;
import dev.unroll.kernel.Layout;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A cell with or without projection and layer normalisation.
 *
 * @param cellForm which cell
 * @param projected whether its output is projected to half its units; of LSTMs alone
 * @param normalized whether there is layer normalisation inside
 */
record LayerForm(CellForm cellForm, boolean projected, boolean normalized) {

  static LayerForm plain(CellForm cellForm) {
    return new LayerForm(cellForm, false, false);
  }

  static Stream<LayerForm> all() {
    return Arrays.stream(CellForm.values())
        .flatMap(
            cell ->
                IntStream.range(0, 4)
                    .mapToObj(bits -> new LayerForm(cell, (bits & 1) > 0, (bits & 2) > 0)))
        .filter(form -> form.hasMemory() || !form.projected);
  }

  Cell cell() {
    return cellForm.cell();
  }

  boolean hasMemory() {
    return cell().kind() == CellBuffers.Kind.MEMORY;
  }

  private int projection(int units) {
    return projected && hasMemory() ? units / 2 : 0;
  }

  int outputs(int units) {
    return projection(units) > 0 ? projection(units) : units;
  }

  RecurrentLayer.Form parts(int inputs, int units) {
    return new RecurrentLayer.Form(
        cell(), inputs, units, projection(units), normalized, Zoneout.NONE, false);
  }

  RecurrentLayer layer(int inputs, int units, Layout layout) {
    return new RecurrentLayer(parts(inputs, units), "", layout);
  }

  ReferenceCell reference(int inputs, int units) {
    return cellForm.reference(
        new ReferenceCell.Sizes(inputs, units, projection(units), normalized));
  }
}
