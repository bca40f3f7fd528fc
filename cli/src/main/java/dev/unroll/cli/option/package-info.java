/** Options and trainings that several commands share. */
@NullMarked
package dev.unroll.cli.option;

import org.jspecify.annotations.NullMarked;
