package dev.unroll.spark;

import dev.unroll.model.ForecastStream;
import dev.unroll.model.Forecaster;
import dev.unroll.model.StreamState;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Forecasts the series of a session after each of its events. An event is a row of measurements:
 * the model's columns in order. Until a session has as many rows as the model needs, there is no
 * forecast.
 */
public final class UnrollForecastSessions extends SessionTransformer<UnrollForecastSessions> {

  private static final long serialVersionUID = 1L;

  private final Param<String> predictionCol =
      output(
          "predictionCol",
          "forecast",
          DataTypes.createArrayType(DataTypes.DoubleType),
          "column of the forecast numbers, one for each step of the horizon");
  private final Param<String> quantilesCol =
      output(
          "quantilesCol",
          "quantiles",
          DataTypes.createArrayType(DataTypes.createArrayType(DataTypes.DoubleType)),
          "column of the quantiles of each step, in the order of levels()");
  private final Param<String> stepsCol =
      output(
          "stepsCol",
          "steps",
          DataTypes.LongType,
          "column of the number of rows that were read in all");

  /** Creates a transformer without a model. */
  public UnrollForecastSessions() {
    this(Identifiable$.MODULE$.randomUID("UnrollForecastSessions"));
  }

  /** Creates a transformer without a model, with a name. */
  public UnrollForecastSessions(String uid) {
    super(uid, "values");
  }

  /** Returns the parameter that names the column of the forecast numbers. */
  public Param<String> predictionCol() {
    return predictionCol;
  }

  /** Returns this transformer with another name for the column of the forecast numbers. */
  public UnrollForecastSessions setPredictionCol(String value) {
    return with(predictionCol, value);
  }

  /** Returns the parameter that names the column of the quantiles of each step. */
  public Param<String> quantilesCol() {
    return quantilesCol;
  }

  /** Returns this transformer with another name for the column of the quantiles of each step. */
  public UnrollForecastSessions setQuantilesCol(String value) {
    return with(quantilesCol, value);
  }

  /** Returns the parameter that names the column of the rows that were read in all. */
  public Param<String> stepsCol() {
    return stepsCol;
  }

  /** Returns this transformer with another name for the column of the rows read in all. */
  public UnrollForecastSessions setStepsCol(String value) {
    return with(stepsCol, value);
  }

  /** Returns the levels of the quantiles. */
  public List<Double> levels() {
    return shared().open(Forecaster.class).usualLevels();
  }

  @Override
  SessionReading<?> reading() {
    return new Forecasting();
  }

  @Override
  DataType inputType() {
    return DataTypes.createArrayType(DataTypes.DoubleType);
  }

  /** Returns a reader of transformers. */
  public static MLReader<UnrollForecastSessions> read() {
    return new TransformerFiles.Reader<>(UnrollForecastSessions.class, UnrollForecastSessions::new);
  }

  /** Reads a transformer from its folder. */
  public static UnrollForecastSessions load(String folder) {
    return read().load(folder);
  }

  private record Forecasting() implements SessionReading<Forecaster> {

    @Override
    public Class<Forecaster> kind() {
      return Forecaster.class;
    }

    @Override
    public Reader reader(Forecaster model) {
      return new RowReader(model.stream());
    }
  }

  private static final class RowReader implements SessionReading.Reader {

    private final ForecastStream stream;
    private final StreamState.OfRows start;

    RowReader(ForecastStream stream) {
      this.stream = stream;
      start = new StreamState.OfRows(stream.state());
    }

    @Override
    public void begin() {
      restore(start);
    }

    @Override
    public void restore(StreamState state) {
      stream.restore(((StreamState.OfRows) state).rows());
    }

    @Override
    public Object[] read(Object event) {
      stream.read(Values.<Double>list(event).stream().mapToDouble(each -> each).toArray());
      long steps = stream.size();
      if (!stream.isReady()) {
        return new Object[] {null, null, steps};
      }
      Object[] forecast = UnrollForecast.columns(stream.next());
      return new Object[] {forecast[0], forecast[1], steps};
    }

    @Override
    public StreamState state() {
      return new StreamState.OfRows(stream.state());
    }
  }
}
