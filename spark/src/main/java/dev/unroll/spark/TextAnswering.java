package dev.unroll.spark;

import dev.unroll.result.Model;

/** How a model answers texts. */
interface TextAnswering<M extends Model> extends Answering<M, String> {

  @Override
  default String input(Object value) {
    return (String) value;
  }

  @Override
  default long length(String input) {
    return input.length();
  }
}
