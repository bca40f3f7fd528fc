/**
 * Our models as ONNX graphs: {@link dev.unroll.interop.export.GraphWriter} writes nodes, one class
 * for each kind of part writes that part, and one for each task puts the parts together.
 */
@NullMarked
package dev.unroll.interop.export;

import org.jspecify.annotations.NullMarked;
