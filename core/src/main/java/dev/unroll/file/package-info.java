/** Files and what they say: JSON, numbers, fingerprints, writing that survives a power cut. */
@NullMarked
package dev.unroll.file;

import org.jspecify.annotations.NullMarked;
