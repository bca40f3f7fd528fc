/** What builds the distribution and the site of the documentation; no part of them. */
@NullMarked
package dev.unroll.dist;

import org.jspecify.annotations.NullMarked;
