/** Commands of language models. */
@NullMarked
package dev.unroll.cli.lm;

import org.jspecify.annotations.NullMarked;
