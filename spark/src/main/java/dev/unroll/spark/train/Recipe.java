package dev.unroll.spark.train;

import dev.unroll.store.ModelFields;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import java.io.Serializable;

/**
 * How a run of training is prepared, on every machine alike: from the same data, with the same
 * options. It travels to the executors with all that it holds.
 *
 * @param <F> the fields of the model's file
 */
@FunctionalInterface
public interface Recipe<F extends ModelFields> extends Serializable {

  /**
   * Prepares the run.
   *
   * @param output what is kept of it: on executors nothing
   */
  Run<F> prepare(RunOutput output);
}
