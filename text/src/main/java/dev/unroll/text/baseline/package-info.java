/** Baselines of sequence to sequence: word dictionaries and aligned n-grams. */
@NullMarked
package dev.unroll.text.baseline;

import org.jspecify.annotations.NullMarked;
