/** What commands print: progress, charts, tables, JSON lines, metrics files. */
@NullMarked
package dev.unroll.cli.report;

import org.jspecify.annotations.NullMarked;
