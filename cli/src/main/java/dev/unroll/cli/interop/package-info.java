/** The commands for models of other frameworks. */
@NullMarked
package dev.unroll.cli.interop;

import org.jspecify.annotations.NullMarked;
