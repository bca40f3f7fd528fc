/** Growing lists, a set and a map of primitive numbers, for corpora of many millions of tokens. */
@NullMarked
package dev.unroll.text.primitive;

import org.jspecify.annotations.NullMarked;
