package dev.unroll.cli.chart;

/**
 * A value of an axis that is named.
 *
 * @param value the value
 * @param text what it is called
 */
record Tick(double value, String text) {}
