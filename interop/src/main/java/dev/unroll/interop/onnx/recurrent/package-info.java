/**
 * The recurrent operators of ONNX: what their attributes and inputs mean, an evaluator in plain
 * arithmetic of all that the specification allows, and standard cells on the engine.
 */
@NullMarked
package dev.unroll.interop.onnx.recurrent;

import org.jspecify.annotations.NullMarked;
