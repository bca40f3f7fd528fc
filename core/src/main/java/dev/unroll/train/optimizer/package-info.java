/** Optimizers: how a gradient becomes a change of the parameters, one file each. */
@NullMarked
package dev.unroll.train.optimizer;

import org.jspecify.annotations.NullMarked;
