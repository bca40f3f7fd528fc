/** What builds the distribution; no part of it. */
@NullMarked
package dev.unroll.dist;

import org.jspecify.annotations.NullMarked;
