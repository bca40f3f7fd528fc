/** Sessions: streams that stay open between requests, and can be saved, forked and restored. */
@NullMarked
package dev.unroll.server.session;

import org.jspecify.annotations.NullMarked;
