/**
 * Text for language models: reading files, splitting lines into tokens, vocabularies, corpora as
 * ids, and n-gram models as a baseline. {@link dev.unroll.text.Corpus} is the type to start from.
 */
@NullMarked
package dev.unroll.text;

import org.jspecify.annotations.NullMarked;
