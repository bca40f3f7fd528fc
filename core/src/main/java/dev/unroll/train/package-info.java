/**
 * How a network is trained: options, schedules, and what a listener receives. Given the same data,
 * options and seed training gives the same parameters, bit for bit, on any number of threads.
 */
@NullMarked
package dev.unroll.train;

import org.jspecify.annotations.NullMarked;
