/** Labels without alignment, by connectionist temporal classification: training and search. */
@NullMarked
package dev.unroll.task.recognize;

import org.jspecify.annotations.NullMarked;
