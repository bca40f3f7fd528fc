/**
 * Answers of models and their evaluation: immutable values that print on one line; and {@link
 * dev.unroll.result.Model}, a model of any task.
 */
@NullMarked
package dev.unroll.result;

import org.jspecify.annotations.NullMarked;
