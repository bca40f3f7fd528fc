/**
 * Labels of whole texts and of their tokens: the network, its training, and how labels are found.
 */
@NullMarked
package dev.unroll.task.label;

import org.jspecify.annotations.NullMarked;
