/**
 * The models of all tasks, to train, open, apply, evaluate and save; {@link
 * dev.unroll.model.LanguageModel} and {@link dev.unroll.model.Classifier} are the types to start
 * from.
 */
@NullMarked
package dev.unroll.model;

import org.jspecify.annotations.NullMarked;
