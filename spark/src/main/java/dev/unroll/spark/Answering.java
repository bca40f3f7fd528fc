package dev.unroll.spark;

import dev.unroll.result.Model;
import java.io.Serializable;
import java.util.List;

/**
 * How a model answers rows. Each answer has the same bits whatever rows stand beside it, so neither
 * partitions nor the rows that are read together change a result.
 *
 * @param <M> the model
 * @param <I> what a row is to it
 */
interface Answering<M extends Model, I> extends Serializable {

  /** Returns the class of the models. */
  Class<M> kind();

  /** Returns what the model reads of the value of a column, which is not null. */
  I input(Object value);

  /** Returns about how long an input is, so that few rows are held where they are long. */
  long length(I input);

  /**
   * Answers inputs, in their order.
   *
   * @return of each input the values of all columns of the answer
   */
  List<Object[]> answer(M model, List<I> inputs);
}
