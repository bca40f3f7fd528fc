package dev.unroll.spark;

import dev.unroll.base.InputException;
import dev.unroll.result.Model;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.sql.streaming.TimeMode;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;

/**
 * A model that reads sessions: each event of a session is answered after all earlier events of the
 * session, including those of earlier batches. What the model carries from one event to the next is
 * in Spark's state store, so it continues with the same bits after a restart from the checkpoint,
 * and after an executor is lost.
 *
 * <p>The store must be RocksDB: {@code spark.sql.streaming.stateStore.providerClass} names {@value
 * #STORE}.
 *
 * @param <T> the transformer
 */
public abstract class SessionTransformer<T extends SessionTransformer<T>> extends ModelStage<T> {

  private static final long serialVersionUID = 1L;

  /** The store that is needed. */
  static final String STORE =
      "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider";

  private static final String STORE_KEY = "spark.sql.streaming.stateStore.providerClass";

  /** Types whose values are the same text on every machine. */
  private static final Set<DataType> KEYS =
      Set.of(
          DataTypes.StringType,
          DataTypes.LongType,
          DataTypes.IntegerType,
          DataTypes.ShortType,
          DataTypes.ByteType,
          DataTypes.BooleanType,
          DataTypes.DateType);

  private final Param<String> keyCol;
  private final Param<String> orderCol;
  private final LongParam timeToLive;
  private final BooleanParam restarts;

  /** Creates a transformer without a model. */
  SessionTransformer(String uid, String usualInput) {
    super(uid, usualInput);
    keyCol = new Param<>(this, "keyCol", "column that says of which session an event is");
    orderCol =
        new Param<>(
            this, "orderCol", "column that orders the events of a session, such as their time");
    timeToLive =
        new LongParam(
            this,
            "timeToLive",
            "seconds after its last event for which a session is kept; 0 for ever",
            ParamValidators.gtEq(0));
    restarts =
        new BooleanParam(
            this,
            "restarts",
            "whether a session that another model has read begins anew, rather than being refused");
    setDefault(keyCol, "session");
    setDefault(orderCol, "time");
    setDefault(timeToLive, 0L);
    setDefault(restarts, false);
  }

  /** Returns how events are read. */
  abstract SessionReading<?> reading();

  @Override
  final Class<? extends Model> kind() {
    return reading().kind();
  }

  /** Returns the parameter that names the column of session keys. */
  public final Param<String> keyCol() {
    return keyCol;
  }

  /** Returns this transformer with another column of session keys. */
  public final T setKeyCol(String value) {
    return with(keyCol, value);
  }

  /** Returns the parameter that names the column that orders the events of a session. */
  public final Param<String> orderCol() {
    return orderCol;
  }

  /**
   * Returns this transformer with another column that orders the events of a session. Events in one
   * batch are sorted by it, and ties by what is read.
   */
  public final T setOrderCol(String value) {
    return with(orderCol, value);
  }

  /** Returns the parameter for the time to live of a session. */
  public final LongParam timeToLive() {
    return timeToLive;
  }

  /**
   * Returns this transformer with sessions that end this many seconds after their last event; 0 for
   * never. An ended session starts over.
   */
  public final T setTimeToLive(long seconds) {
    if (seconds < 0) {
      throw new InputException("timeToLive is " + seconds, "It must be 0 or more seconds.");
    }
    return with(timeToLive, seconds);
  }

  /** Returns the parameter for whether a session that another model has read starts over. */
  public final BooleanParam restarts() {
    return restarts;
  }

  /**
   * Returns this transformer with sessions that another model has read starting over, or being
   * refused.
   */
  public final T setRestarts(boolean value) {
    return with(restarts, value);
  }

  private int place(Columns columns, Param<String> param) {
    return columns.place($(param), "Name it by " + param.name() + ": " + param.doc() + ".");
  }

  @Override
  final void checkColumns(Columns columns) {
    place(columns, orderCol);
    DataType type = columns.schema().fields()[place(columns, keyCol)].dataType();
    if (!(type instanceof DecimalType || KEYS.contains(type))) {
      throw new InputException(
          String.format(Locale.ROOT, "column %s is of type %s", $(keyCol), type.catalogString()),
          "The key of a session is a text, a whole number, a decimal, a date or a Boolean: cast it.");
    }
  }

  @Override
  final Dataset<Row> answered(Dataset<Row> rows, Wanted wanted) {
    var columns = new Columns(rows.schema());
    int order = place(columns, orderCol);
    int key = place(columns, keyCol);
    String store = rows.sparkSession().conf().get(STORE_KEY, "");
    if (!store.equals(STORE)) {
      throw new InputException(
          "the session keeps states in " + store + ", which cannot hold those of sessions",
          "Set " + STORE_KEY + " to " + STORE + ".");
    }
    long seconds = (Long) $(timeToLive);
    var processor =
        new SessionProcessor<>(
            wanted,
            reading(),
            order,
            new SessionProcessor.Kept(Duration.ofSeconds(seconds), (Boolean) $(restarts)));
    MapFunction<Row, String> session = row -> String.valueOf(row.get(key));
    return rows.filter(rows.col(Values.quoted($(keyCol))).isNotNull())
        .groupByKey(session, Encoders.STRING())
        .transformWithState(
            processor,
            seconds == 0 ? TimeMode.None() : TimeMode.ProcessingTime(),
            OutputMode.Append(),
            Encoders.row(wanted.schema()));
  }
}
