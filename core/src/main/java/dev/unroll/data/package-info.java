/**
 * What models read and learn from: token streams, labeled sequences, pairs, series, measurements;
 * and what is known of the data that made a model. Text is seen through two small interfaces, a
 * tokenizer and a stream of ids.
 */
@NullMarked
package dev.unroll.data;

import org.jspecify.annotations.NullMarked;
