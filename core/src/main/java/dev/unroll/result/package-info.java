/**
 * What models answer and how good they are: values that print in one line and are equal where they
 * say the same; and a {@link dev.unroll.result.Model}, whatever its task.
 */
@NullMarked
package dev.unroll.result;

import org.jspecify.annotations.NullMarked;
