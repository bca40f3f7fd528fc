/**
 * Measures of the field: error rates, F1 of labels and spans, BLEU and chrF, calibration. They know
 * no model.
 */
@NullMarked
package dev.unroll.measure;

import org.jspecify.annotations.NullMarked;
