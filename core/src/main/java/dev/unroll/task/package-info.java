/**
 * What people do with a network: train, measure, score and sample a language model, each in one
 * call. {@link dev.unroll.task.lm.LanguageModel} is the type to start from.
 */
@NullMarked
package dev.unroll.task;

import org.jspecify.annotations.NullMarked;
