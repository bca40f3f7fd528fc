/** Commands that forecast time series. */
@NullMarked
package dev.unroll.cli.forecast;

import org.jspecify.annotations.NullMarked;
