/**
 * Deeplearning4j as a contender: its LSTM layer, in the forms that its own examples use, on the CPU
 * backend of ND4J. For Java 17, in its own process.
 */
@NullMarked
package dev.unroll.bench.dl4j;

import org.jspecify.annotations.NullMarked;
