/**
 * What the commands of all tasks have in common: training, measuring and predicting, each written
 * once, which a task fills in.
 */
@NullMarked
package dev.unroll.cli.command;

import org.jspecify.annotations.NullMarked;
