/**
 * Measures of the field that no model returns by itself: BLEU and chrF, error rates,
 * cross-validation.
 */
@NullMarked
package dev.unroll.measure;

import org.jspecify.annotations.NullMarked;
