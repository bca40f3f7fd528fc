/** Import of models from other frameworks, and export of ours to them. */
@NullMarked
package dev.unroll.interop;

import org.jspecify.annotations.NullMarked;
