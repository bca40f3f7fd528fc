/**
 * Language models: train, measure, score, sample, adapt, mix. {@link
 * dev.unroll.task.lm.LanguageModel} is the type to start from.
 */
@NullMarked
package dev.unroll.task.lm;

import org.jspecify.annotations.NullMarked;
