/** Counts of n-grams of ids, and the probabilities that follow from them (Kneser-Ney). */
@NullMarked
package dev.unroll.ngram;

import org.jspecify.annotations.NullMarked;
