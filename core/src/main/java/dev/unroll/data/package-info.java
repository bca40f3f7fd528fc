/**
 * Examples and batches: token streams, labeled sequences, pairs, series, and the order in which
 * training sees them. Text is seen through two small interfaces, a tokenizer and a stream of ids.
 */
@NullMarked
package dev.unroll.data;

import org.jspecify.annotations.NullMarked;
