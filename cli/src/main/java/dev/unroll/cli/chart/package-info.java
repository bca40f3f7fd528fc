/** Charts in one style, written as SVG or PNG: lines, dots in rows, and tables in shades. */
@NullMarked
package dev.unroll.cli.chart;

import org.jspecify.annotations.NullMarked;
