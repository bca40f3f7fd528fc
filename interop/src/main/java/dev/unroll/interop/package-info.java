/** Models from other frameworks, and ours for them. */
@NullMarked
package dev.unroll.interop;

import org.jspecify.annotations.NullMarked;
