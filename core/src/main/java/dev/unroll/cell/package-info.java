/**
 * What a recurrent cell is: it knows its name, gates, state, own parameters and their first values,
 * and holds its forward step next to its backward step. It sees the layer that runs it through
 * {@link dev.unroll.cell.CellStep} only.
 */
@NullMarked
package dev.unroll.cell;

import org.jspecify.annotations.NullMarked;
