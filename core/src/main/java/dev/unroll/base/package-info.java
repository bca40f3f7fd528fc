/**
 * Types that all other packages use: the exception for unusable input, threads, and settings that
 * layers share.
 */
@NullMarked
package dev.unroll.base;

import org.jspecify.annotations.NullMarked;
