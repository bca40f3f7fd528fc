/**
 * Forecasts of time series. {@link dev.unroll.task.forecast.Forecaster} is the type to start from.
 */
@NullMarked
package dev.unroll.task.forecast;

import org.jspecify.annotations.NullMarked;
