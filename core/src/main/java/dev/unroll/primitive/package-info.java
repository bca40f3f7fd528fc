/** Growing lists and a map of primitive numbers, for corpora of many millions of tokens. */
@NullMarked
package dev.unroll.primitive;

import org.jspecify.annotations.NullMarked;
