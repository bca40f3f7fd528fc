package dev.unroll.task.label;

import dev.unroll.layer.Steps;

/**
 * Some sequences with their labels, time-major: element r of the tokens belongs to row r of the
 * shape.
 *
 * @param steps lengths of the sequences
 * @param tokens the token of each row
 * @param spellings the words of the rows by their characters; of no words where the network does
 *     not read those
 * @param features of each feature, its value in each row, [features][R]
 * @param ngrams the numbers of the n-grams of each sequence that the network counts; empty for none
 * @param targets the label of each sequence, or of each row; empty where it is to be found, or
 *     where there are several
 * @param multiLabel of each sequence, 1 for each label that it has and 0 for the others,
 *     [B][labels]; empty unless there are several
 * @param weights how much the losses of each sequence count; empty for all alike
 */
public record LabelBatch(
    Steps steps,
    int[] tokens,
    Spellings spellings,
    int[][] features,
    int[][] ngrams,
    int[] targets,
    float[] multiLabel,
    float[] weights) {}
