/**
 * Deeplearning4j among the contenders: its LSTM layer, in the forms that its own examples use, on
 * the CPU backend of ND4J. For Java 17, in a process of its own.
 */
@NullMarked
package dev.unroll.bench.dl4j;

import org.jspecify.annotations.NullMarked;
