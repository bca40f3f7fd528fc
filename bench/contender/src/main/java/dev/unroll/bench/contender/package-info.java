/**
 * What is measured, and the process that each contender runs in: the cases, their numbers, and a
 * small server on standard input and output. For Java 17, as Deeplearning4j needs it.
 */
@NullMarked
package dev.unroll.bench.contender;

import org.jspecify.annotations.NullMarked;
