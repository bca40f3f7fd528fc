/**
 * What starts Unroll from a single jar; compiled for Java 8, so that any Java can say what is
 * missing.
 */
package dev.unroll.launch;
