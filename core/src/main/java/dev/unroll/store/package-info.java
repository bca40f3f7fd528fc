/**
 * Model files and checkpoints: safetensors, and how the fields of a model are read back. Every
 * length and offset is checked before anything is allocated.
 */
@NullMarked
package dev.unroll.store;

import org.jspecify.annotations.NullMarked;
