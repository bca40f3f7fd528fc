/** Language models: their network, its training, sampling and beam search. */
@NullMarked
package dev.unroll.task.lm;

import org.jspecify.annotations.NullMarked;
