/**
 * The command line: each command is a class that parses, calls the library once and prints. No
 * arithmetic of its own. A task's commands lie in a package of their own, fill in the skeletons of
 * {@code command}, and are one line in {@code TaskList}.
 */
@NullMarked
package dev.unroll.cli;

import org.jspecify.annotations.NullMarked;
