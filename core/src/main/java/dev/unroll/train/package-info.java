/**
 * Training: batches, optimizers, schedules, clipping and the loop. Given the same corpus, options
 * and seed it gives the same parameters, bit for bit, on any number of threads.
 */
@NullMarked
package dev.unroll.train;

import org.jspecify.annotations.NullMarked;
