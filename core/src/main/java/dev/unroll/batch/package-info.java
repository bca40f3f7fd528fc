/**
 * What training sees at once, and in which order: batches of tokens and of numbers, where text is
 * cut, how numbers are scaled. Also the formats of tokenizers and series that a model file names.
 */
@NullMarked
package dev.unroll.batch;

import org.jspecify.annotations.NullMarked;
