/** What a text has to match, contain or avoid: regular expressions as automata over tokens. */
@NullMarked
package dev.unroll.text.pattern;

import org.jspecify.annotations.NullMarked;
