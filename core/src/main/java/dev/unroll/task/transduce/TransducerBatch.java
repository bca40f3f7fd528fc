package dev.unroll.task.transduce;

import dev.unroll.layer.Steps;

/**
 * Some pairs of a source and a target, time-major.
 *
 * @param source lengths of the sources
 * @param sourceTokens the token of each of their rows
 * @param target lengths of the targets, their ends included
 * @param inputs y⟨t-1⟩ of each row; {@link dev.unroll.layer.Embedding#START} before the first token
 * @param targets y⟨t⟩ of each row
 */
record TransducerBatch(
    Steps source, int[] sourceTokens, Steps target, int[] inputs, int[] targets) {}
