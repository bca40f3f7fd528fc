package dev.unroll.spark;

import dev.unroll.base.InputException;
import dev.unroll.model.Forecaster;
import dev.unroll.result.Forecast;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** How series of numbers continue. */
public final class UnrollForecast extends ModelTransformer<UnrollForecast> {

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

  /** Creates a transformer without a model. */
  public UnrollForecast() {
    this(Identifiable$.MODULE$.randomUID("UnrollForecast"));
  }

  /** Creates a transformer without a model, with a name. */
  public UnrollForecast(String uid) {
    super(uid, "values");
  }

  /**
   * Returns the parameter that names the column of the forecast numbers, one for each step of the
   * horizon.
   */
  public Param<String> predictionCol() {
    return predictionCol;
  }

  /**
   * Returns this transformer with another name for the column of the forecast numbers, one for each
   * step of the horizon.
   */
  public UnrollForecast setPredictionCol(String value) {
    return with(predictionCol, value);
  }

  /**
   * Returns the parameter that names the column of the quantiles of each step, in the order of
   * levels().
   */
  public Param<String> quantilesCol() {
    return quantilesCol;
  }

  /**
   * Returns this transformer with another name for the column of the quantiles of each step, in the
   * order of levels().
   */
  public UnrollForecast setQuantilesCol(String value) {
    return with(quantilesCol, value);
  }

  /** Returns the levels of the quantiles. */
  public List<Double> levels() {
    return shared().open(Forecaster.class).usualLevels();
  }

  @Override
  Answering<?, ?> answering() {
    return new Forecasting();
  }

  @Override
  DataType inputType() {
    return DataTypes.createArrayType(DataTypes.DoubleType);
  }

  @Override
  void checkModel(SharedModel set) {
    List<String> columns = set.open(Forecaster.class).forecasting().columns();
    if (columns.size() > 1) {
      throw new InputException(
          "the model reads the columns " + columns + ", and an array has the numbers of one",
          "Use unroll forecast predict, or Forecaster.forecast of Java.");
    }
  }

  /** Returns a reader of transformers. */
  public static MLReader<UnrollForecast> read() {
    return new TransformerFiles.Reader<>(UnrollForecast.class, UnrollForecast::new);
  }

  /** Reads a transformer from its folder. */
  public static UnrollForecast load(String folder) {
    return read().load(folder);
  }

  private record Forecasting() implements Answering<Forecaster, List<Double>> {

    @Override
    public Class<Forecaster> kind() {
      return Forecaster.class;
    }

    @Override
    public List<Double> input(Object value) {
      return Values.list(value);
    }

    @Override
    public long length(List<Double> input) {
      return input.size();
    }

    @Override
    public List<Object[]> answer(Forecaster model, List<List<Double>> inputs) {
      return inputs.stream().map(model::forecast).map(UnrollForecast::columns).toList();
    }
  }

  /** Returns the columns of a forecast: numbers, and quantiles. */
  static Object[] columns(Forecast forecast) {
    var quantiles =
        forecast.rows().stream()
            .map(row -> row.values().values().iterator().next().quantiles().values())
            .map(List::copyOf)
            .toList();
    return new Object[] {forecast.points(), quantiles};
  }
}
