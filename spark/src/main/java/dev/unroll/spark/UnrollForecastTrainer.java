package dev.unroll.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a forecaster on a long table, as {@code unroll forecast train} does: a row has the name of
 * its series, its time, its target and covariates. Rows are read in the order of series and times,
 * unless another column orders them. Without {@code calendar} the model does not read the times, so
 * it can forecast an array of numbers, as {@link UnrollForecast} does.
 */
public final class UnrollForecastTrainer
    extends ModelTrainer<UnrollForecastTrainer, UnrollForecast> {

  private static final long serialVersionUID = 1L;

  private static final List<DataType> TIMES =
      List.of(
          DataTypes.TimestampType,
          DataTypes.TimestampNTZType,
          DataTypes.DateType,
          DataTypes.StringType,
          DataTypes.LongType,
          DataTypes.IntegerType);

  private final Param<String> seriesCol =
      column("seriesCol", "", "column of the name of a row's series; empty for one series");
  private final Param<String> timeCol =
      column("timeCol", "time", "column of the times; empty for rows that are a step apart");
  private final Param<String> targetCol =
      column("targetCol", "target", "columns that are forecast, with commas between them");
  private final Param<String> observedCols =
      column("observedCols", "", "columns whose past is read too, with commas between them");
  private final Param<String> knownCols =
      column("knownCols", "", "columns whose future is known, with commas between them");
  private final Param<String> staticCols =
      column("staticCols", "", "columns that say what a series is, with commas between them");

  /** Creates a trainer with the default options. */
  public UnrollForecastTrainer() {
    this(Identifiable$.MODULE$.randomUID("UnrollForecastTrainer"));
  }

  /** Creates a trainer with the default options and a name. */
  public UnrollForecastTrainer(String uid) {
    super(
        uid,
        "forecast",
        Set.of(
            "--series",
            "--time",
            "--target",
            "--observed",
            "--known",
            "--static",
            "--delimiter",
            "--decimal-comma",
            "--rows"));
    usually("calendar", "none");
  }

  private static List<String> names(String columns) {
    return Stream.of(columns.split(",", -1)).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  @Override
  List<Column> columns() {
    var columns = new ArrayList<Column>();
    for (String name : names($(seriesCol))) {
      columns.add(new Column("seriesCol", name, NAMES));
    }
    for (String name : names($(timeCol))) {
      columns.add(new Column("timeCol", name, TIMES));
    }
    var kinds = List.of(targetCol, observedCols, knownCols);
    for (Param<String> kind : kinds) {
      names($(kind)).forEach(name -> columns.add(new Column(kind.name(), name, NUMBERS).orNull()));
    }
    var any = new ArrayList<>(NUMBERS);
    any.add(DataTypes.StringType);
    names($(staticCols)).forEach(name -> columns.add(new Column("staticCols", name, any)));
    return columns;
  }

  @Override
  Dataset<Row> ordered(Dataset<?> dataset) {
    if (!$(orderCol()).isEmpty()) {
      return super.ordered(dataset);
    }
    var by =
        Stream.of($(seriesCol), $(timeCol))
            .filter(name -> !name.isEmpty())
            .map(name -> dataset.col(Values.quoted(name)))
            .toArray(org.apache.spark.sql.Column[]::new);
    return by.length == 0 ? dataset.toDF() : dataset.toDF().orderBy(by);
  }

  @Override
  RowFile rows() {
    return RowFile.TABLE;
  }

  @Override
  List<String> reading() {
    var arguments = new ArrayList<>(List.of("--delimiter=,", "--no-decimal-comma"));
    arguments.add("--time=" + ($(timeCol).isEmpty() ? "none" : $(timeCol)));
    arguments.add("--series=" + ($(seriesCol).isEmpty() ? "none" : $(seriesCol)));
    add(arguments, "--target", targetCol);
    add(arguments, "--observed", observedCols);
    add(arguments, "--known", knownCols);
    add(arguments, "--static", staticCols);
    return arguments;
  }

  private void add(List<String> arguments, String option, Param<String> columns) {
    List<String> names = names($(columns));
    if (!names.isEmpty()) {
      arguments.add(option + "=" + String.join(",", names));
    }
  }

  @Override
  UnrollForecast newTransformer() {
    return new UnrollForecast();
  }

  /** The model answers arrays of numbers, which a long table does not have. */
  @Override
  StructType answered(StructType schema) {
    UnrollForecast transformer = transformer();
    String input = transformer.getOrDefault(transformer.inputCol());
    return transformer.transformSchema(new StructType().add(input, transformer.inputType()));
  }

  /** Returns a reader of trainers. */
  public static MLReader<UnrollForecastTrainer> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads a trainer from its folder. */
  public static UnrollForecastTrainer load(String folder) {
    return read().load(folder);
  }
}
