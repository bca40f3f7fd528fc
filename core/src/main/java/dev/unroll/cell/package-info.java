/**
 * Recurrent cells: each is one class that knows its name, gates, state, own parameters and their
 * first values, and holds its forward step next to its backward step. {@link dev.unroll.cell.Cells}
 * lists them. A cell sees the layer that runs it through {@link dev.unroll.cell.CellStep} only.
 */
@NullMarked
package dev.unroll.cell;

import org.jspecify.annotations.NullMarked;
