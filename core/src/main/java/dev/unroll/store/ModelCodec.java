package dev.unroll.store;

import java.util.function.Function;

/**
 * How the model files of one task are read.
 *
 * @param task the task, as files name it
 * @param fields builds the network that a file describes, with what belongs to it
 * @param <F> what these files hold
 */
public record ModelCodec<F extends ModelFields>(String task, Function<ModelReader, F> fields) {}
