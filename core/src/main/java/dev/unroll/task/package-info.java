/**
 * What all tasks share: a {@link dev.unroll.task.Run} trains a network. Each task fills this in, in
 * a package of its own, with the network, its fields in a model file and the search for answers;
 * the models stand above, in {@link dev.unroll.model}.
 */
@NullMarked
package dev.unroll.task;

import org.jspecify.annotations.NullMarked;
