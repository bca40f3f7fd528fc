/** The tasks that Unroll knows. */
@NullMarked
package dev.unroll.tasks;

import org.jspecify.annotations.NullMarked;
