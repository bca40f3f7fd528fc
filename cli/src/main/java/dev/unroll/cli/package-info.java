/**
 * The command line: one class a command, each of which parses, calls one task of the library and
 * prints. No arithmetic of its own.
 */
@NullMarked
package dev.unroll.cli;

import org.jspecify.annotations.NullMarked;
