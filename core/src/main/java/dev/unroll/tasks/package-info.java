/** The tasks that Unroll knows, and verdicts on models beside simpler ones. */
@NullMarked
package dev.unroll.tasks;

import org.jspecify.annotations.NullMarked;
