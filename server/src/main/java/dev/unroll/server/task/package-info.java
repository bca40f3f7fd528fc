/**
 * The endpoints of the tasks. Fields of answers have the names that the command line gives them in
 * its JSON.
 */
@NullMarked
package dev.unroll.server.task;

import org.jspecify.annotations.NullMarked;
