package dev.unroll.task.label;

import dev.unroll.layer.Steps;

/**
 * The words of a batch by their characters, each word once.
 *
 * @param steps a sequence for each word, as long as it has characters
 * @param characters the character of each row of {@code steps}
 * @param words of each row of the batch, the number of its word
 */
public record Spellings(Steps steps, int[] characters, int[] words) {}
