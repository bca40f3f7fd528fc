/**
 * Models of every task, trained and used in a few lines: {@link dev.unroll.Unroll} is the type to
 * start from.
 */
@NullMarked
package dev.unroll;

import org.jspecify.annotations.NullMarked;
