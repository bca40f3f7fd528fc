/** What commands print: progress, tables, JSON lines, metrics files. */
@NullMarked
package dev.unroll.cli.report;

import org.jspecify.annotations.NullMarked;
