/**
 * What turns the outputs of the last layer into a loss: softmax, conditional random field,
 * connectionist temporal classification, regression. Losses are computed from logits, never from
 * probabilities.
 */
@NullMarked
package dev.unroll.head;

import org.jspecify.annotations.NullMarked;
