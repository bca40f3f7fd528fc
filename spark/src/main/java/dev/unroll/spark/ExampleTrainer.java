package dev.unroll.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;

/**
 * Trains a model of rows that may count more or less than others, and may belong to groups: all
 * rows of a group are trained on, or all choose the best model.
 *
 * @param <E> the estimator
 * @param <M> the transformer with the model
 */
public abstract class ExampleTrainer<E extends ExampleTrainer<E, M>, M extends ModelTransformer<M>>
    extends ModelTrainer<E, M> {

  private static final long serialVersionUID = 1L;

  private static final String WEIGHT = "weight";
  private static final String GROUP = "group";

  private final Param<String> weightCol =
      column("weightCol", "", "column of how much the loss of each row counts; empty for none");
  private final Param<String> groupCol =
      column("groupCol", "", "column of what rows belong to; empty for none");

  /**
   * Creates an estimator.
   *
   * @param task the command
   * @param without options that it decides itself
   */
  ExampleTrainer(String uid, String task, Set<String> without) {
    super(
        uid,
        task,
        Stream.concat(without.stream(), Stream.of("--weight-column", "--group"))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Returns the columns of an example: what is read, and what is known of it. */
  abstract List<Column> example();

  /** Returns the arguments that say how these columns are read. */
  abstract List<String> readingExamples();

  @Override
  final List<Column> columns() {
    var columns = new ArrayList<>(example());
    if (!$(weightCol).isEmpty()) {
      columns.add(new Column("weightCol", $(weightCol), NUMBERS).named(WEIGHT));
    }
    if (!$(groupCol).isEmpty()) {
      columns.add(new Column("groupCol", $(groupCol), NAMES).named(GROUP));
    }
    return columns;
  }

  @Override
  final List<String> reading() {
    var arguments = new ArrayList<>(readingExamples());
    if (!$(weightCol).isEmpty()) {
      arguments.add("--weight-column=" + WEIGHT);
    }
    if (!$(groupCol).isEmpty()) {
      arguments.add("--group=" + GROUP);
    }
    return arguments;
  }
}
