/**
 * Data that models read and are trained on: token streams, labeled sequences, pairs, series,
 * measurements; and the provenance of models. Text comes through two small interfaces, a tokenizer
 * and a stream of ids.
 */
@NullMarked
package dev.unroll.data;

import org.jspecify.annotations.NullMarked;
