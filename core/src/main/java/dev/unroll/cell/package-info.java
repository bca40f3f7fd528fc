/**
 * The interface of recurrent cells: a cell knows its name, gates, state, own parameters and their
 * initial values, and has its forward step next to its backward step. It sees the layer that runs
 * it through {@link dev.unroll.cell.CellStep} only.
 */
@NullMarked
package dev.unroll.cell;

import org.jspecify.annotations.NullMarked;
