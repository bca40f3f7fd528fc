package dev.unroll.spark;

import dev.unroll.base.InputException;
import dev.unroll.result.Model;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * A model that answers each row independently. Every answer has the same bits as on one machine,
 * however the rows are partitioned, and their order is preserved.
 *
 * @param <T> the transformer
 */
public abstract class ModelTransformer<T extends ModelTransformer<T>> extends ModelStage<T> {

  private static final long serialVersionUID = 1L;

  private final IntParam lookAhead;

  /** Creates a transformer without a model. */
  ModelTransformer(String uid, String usualInput) {
    super(uid, usualInput);
    lookAhead =
        new IntParam(
            this,
            "lookAhead",
            "most rows that are read ahead, to be answered side by side",
            ParamValidators.gtEq(1)); // whoever sets it: Python, a grid, a file
    setDefault(lookAhead, 4096); // as many as the local command sorts by length
  }

  /** Returns how rows are answered. */
  abstract Answering<?, ?> answering();

  @Override
  final Class<? extends Model> kind() {
    return answering().kind();
  }

  /** Returns the parameter for the maximum number of rows that are read ahead. */
  public final IntParam lookAhead() {
    return lookAhead;
  }

  /**
   * Returns this transformer with another maximum number of rows that are read ahead, at least 1.
   */
  public final T setLookAhead(int value) {
    if (value < 1) {
      throw new InputException("lookAhead is " + value, "It must be 1 or more.");
    }
    return with(lookAhead, value);
  }

  @Override
  final Dataset<Row> answered(Dataset<Row> rows, Wanted wanted) {
    var task = new Task<>(wanted, answering(), (Integer) $(lookAhead));
    return rows.mapPartitions(task, Encoders.row(wanted.schema()));
  }

  /** What an executor does with a partition. */
  private record Task<M extends Model, I>(Wanted wanted, Answering<M, I> answering, int lookAhead)
      implements MapPartitionsFunction<Row, Row> {

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
      M open = wanted.model().open(answering.kind());
      return new AnsweredRows<>(rows, new AnsweredRows.Plan<>(open, answering, wanted, lookAhead));
    }
  }
}
