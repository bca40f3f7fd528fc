/** The cells that there are, one class each; {@link dev.unroll.network.Cells} lists them. */
@NullMarked
package dev.unroll.cells;

import org.jspecify.annotations.NullMarked;
