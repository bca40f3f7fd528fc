/**
 * The cases, their values, and the process of a contender: a small server on standard input and
 * output. For Java 17, which Deeplearning4j needs.
 */
@NullMarked
package dev.unroll.bench.contender;

import org.jspecify.annotations.NullMarked;
