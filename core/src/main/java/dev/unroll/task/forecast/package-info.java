/** Forecasts of time series: windows of a series, the network, its training. */
@NullMarked
package dev.unroll.task.forecast;

import org.jspecify.annotations.NullMarked;
