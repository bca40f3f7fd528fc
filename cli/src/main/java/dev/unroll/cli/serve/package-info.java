/** The command {@code serve}. */
@NullMarked
package dev.unroll.cli.serve;

import org.jspecify.annotations.NullMarked;
