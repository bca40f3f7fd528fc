package dev.unroll.cli.option;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An option, or each option that a class declares, that decides the bits of a model. It stands in
 * the model's command, and {@code verify} takes it from there, unless it is a path: a model may say
 * how it was trained, but not what is read or written.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.FIELD})
public @interface KeptInModel {}
