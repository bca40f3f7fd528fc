/**
 * Files and what they say: safetensors, JSON, fingerprints, writing that survives a power cut, and
 * the exception for input that cannot be used. Every length and offset is checked before anything
 * is allocated.
 */
@NullMarked
package dev.unroll.file;

import org.jspecify.annotations.NullMarked;
