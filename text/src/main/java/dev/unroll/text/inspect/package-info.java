/** What texts look like, and what of one text stands in others. */
@NullMarked
package dev.unroll.text.inspect;

import org.jspecify.annotations.NullMarked;
