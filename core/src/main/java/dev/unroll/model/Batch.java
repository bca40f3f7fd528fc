package dev.unroll.model;

import dev.unroll.nn.Steps;

/**
 * Some sequences of tokens to train on or to score, time-major: element r of the arrays belongs to
 * row r of the shape.
 *
 * @param steps lengths of the sequences
 * @param inputs x⟨t⟩ of each row; {@link dev.unroll.nn.Embedding#START} before the first token
 * @param targets y⟨t⟩ of each row
 * @param continues whether each sequence goes on where the one of the batch before it ended
 */
public record Batch(Steps steps, int[] inputs, int[] targets, boolean continues) {}
