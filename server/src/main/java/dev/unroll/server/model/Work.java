package dev.unroll.server.model;

import java.util.List;

/**
 * What is done with inputs that run together.
 *
 * @param <I> an input
 * @param <O> its answer
 */
@FunctionalInterface
public interface Work<I, O> {
  /** Returns the answer to each input. */
  List<O> run(List<I> inputs);
}
