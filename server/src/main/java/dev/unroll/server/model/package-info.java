/** Models as they are served: loaded, replaced while requests run, and run in batches. */
@NullMarked
package dev.unroll.server.model;

import org.jspecify.annotations.NullMarked;
