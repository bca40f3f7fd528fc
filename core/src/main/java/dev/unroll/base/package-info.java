/**
 * What all other packages name: the exception for input that cannot be used, threads, and choices
 * that layers share.
 */
@NullMarked
package dev.unroll.base;

import org.jspecify.annotations.NullMarked;
