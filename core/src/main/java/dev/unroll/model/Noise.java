package dev.unroll.model;

import dev.unroll.kernel.CounterRandom;

/**
 * The random numbers of dropout in some rows of a batch.
 *
 * @param random the numbers of the whole batch
 * @param firstRow the place of these rows in it
 */
record Noise(CounterRandom random, int firstRow) {}
