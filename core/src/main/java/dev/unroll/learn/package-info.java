/** Training itself: the loop, clipping, rates by layer, checkpoints, the search for a rate. */
@NullMarked
package dev.unroll.learn;

import org.jspecify.annotations.NullMarked;
