/**
 * Recurrent cells: each is one class that knows its name, gates, state, parameters of its own and
 * their first values, with its forward step beside its backward step. {@link dev.unroll.cell.Cells}
 * lists them. A cell sees the layer that runs it through {@link dev.unroll.cell.CellStep} only.
 */
@NullMarked
package dev.unroll.cell;

import org.jspecify.annotations.NullMarked;
