/** Commands that label without alignment. */
@NullMarked
package dev.unroll.cli.recognize;

import org.jspecify.annotations.NullMarked;
