/** The tasks that Unroll knows. */
@NullMarked
package dev.unroll;

import org.jspecify.annotations.NullMarked;
