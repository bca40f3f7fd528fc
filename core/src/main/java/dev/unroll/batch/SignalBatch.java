package dev.unroll.batch;

import dev.unroll.layer.Steps;

/**
 * Some sequences of numbers, or of tokens, time-major: element r of the arrays belongs to row r of
 * the shape.
 *
 * @param steps lengths of the sequences
 * @param tokens the token of each row; empty where the rows have only numbers
 * @param values the numbers of each row, [R][inputs]; empty where the rows have only tokens
 */
public record SignalBatch(Steps steps, int[] tokens, float[] values) {}
