/**
 * Labels of whole texts and of their tokens. {@link dev.unroll.task.label.Classifier} and {@link
 * dev.unroll.task.label.Tagger} are the types to start from.
 */
@NullMarked
package dev.unroll.task.label;

import org.jspecify.annotations.NullMarked;
