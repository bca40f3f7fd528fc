/**
 * Labels without alignment, by connectionist temporal classification. {@link
 * dev.unroll.task.recognize.Recognizer} is the type to start from.
 */
@NullMarked
package dev.unroll.task.recognize;

import org.jspecify.annotations.NullMarked;
