/** Commands that classify texts and tag tokens. */
@NullMarked
package dev.unroll.cli.label;

import org.jspecify.annotations.NullMarked;
