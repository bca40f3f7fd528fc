/**
 * What all tasks share: a {@link dev.unroll.task.Task} is one thing that networks are trained for,
 * a {@link dev.unroll.task.Run} trains a network for it, and a {@link dev.unroll.task.Model} is
 * what comes out. Each task fills this in, in a package of its own; {@link
 * dev.unroll.task.lm.LanguageModel} is the type to start from.
 */
@NullMarked
package dev.unroll.task;

import org.jspecify.annotations.NullMarked;
