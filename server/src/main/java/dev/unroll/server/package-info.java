/** Models of every task, served over HTTP. */
@NullMarked
package dev.unroll.server;

import org.jspecify.annotations.NullMarked;
