/** JSON, strictly: requests as records that say what they allow, and the schemas of records. */
@NullMarked
package dev.unroll.server.json;

import org.jspecify.annotations.NullMarked;
