/** N-gram models, the baseline of language models: Kneser-Ney estimation and ARPA files. */
@NullMarked
package dev.unroll.text.ngram;

import org.jspecify.annotations.NullMarked;
