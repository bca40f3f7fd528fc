/**
 * A number of a text, or of a sequence of numbers. {@link dev.unroll.task.regress.Regressor} is the
 * type to start from.
 */
@NullMarked
package dev.unroll.task.regress;

import org.jspecify.annotations.NullMarked;
