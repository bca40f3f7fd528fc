package dev.unroll.spark;

import dev.unroll.base.InputException;
import dev.unroll.model.Forecaster;
import dev.unroll.text.table.SeriesForm;
import dev.unroll.text.table.SeriesReading;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.util.DateTimeUtils$;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Trains a forecaster on a long table, as {@code unroll forecast train} does: a row has the name of
 * its series, its time, its target and covariates. Rows are read in the order of series and times,
 * unless another column orders them. Timestamps are read as clocks show them in {@code timeZone},
 * else in the time zone of the model that is trained further, or in that of the session, with
 * summer time. Without {@code calendar} the model does not read the times, so it can forecast an
 * array of numbers, as {@link UnrollForecast} does.
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

  /** The parameter that says whose clocks show the times. */
  private static final String ZONE = "timeZone";

  /** Types of times that may be what clocks show. */
  private static final List<DataType> CLOCKS =
      List.of(DataTypes.TimestampNTZType, DataTypes.StringType);

  /** Texts of times whose order is that of the times: from years on, each part as digits. */
  private static final String SORTED =
      "^[0-9]{4}([^0-9A-Za-z][0-9]{2}){0,2}([T ][0-9]{2}:.*)?$"
          + "|^[0-9]{4}-?(Q[1-4]|W[0-9]{2}(-[1-7])?)$";

  /** Forms that write such texts, without what is not a letter. */
  private static final String SORTED_FORM =
      "epoch.*|[yu]{4}(MM|Q+)?(dd)?(HH)?(mm)?(ss)?S*[XxZVO]*|YYYYwwe?";

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
    if (by.length == 0) {
      return dataset.toDF();
    }
    if (typeOfTimes(dataset).equals(DataTypes.StringType)) {
      checkTexts(dataset);
    }
    ZoneId zone = CLOCKS.contains(typeOfTimes(dataset)) ? knownZone(dataset) : null;
    if (zone != null) {
      checkOrder(dataset, by, zone);
    }
    return dataset.toDF().orderBy(by);
  }

  /** Texts such as 31-01-2024 are in another order than the times that they name. */
  private void checkTexts(Dataset<?> rows) {
    String form = (String) value("timeFormat");
    var time = rows.col(Values.quoted($(timeCol)));
    var wrong = functions.min(functions.when(functions.not(time.rlike(SORTED)), time));
    var letters = functions.min(functions.when(time.rlike("[^0-9]"), time));
    var length = functions.length(time);
    Row found =
        rows.select(
                wrong, letters, functions.min(length), functions.max(length), functions.min(time))
            .first();
    boolean digits = found.isNullAt(1) && Objects.equals(found.get(2), found.get(3));
    boolean sorted = form == null ? found.isNullAt(0) || digits : isSorted(form);
    if (!sorted && !found.isNullAt(4)) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "column %s has texts such as %s, whose order is not that of the times",
              $(timeCol),
              found.getString(found.isNullAt(0) ? 4 : 0)),
          "Name the column that orders the rows with orderCol, or make "
              + $(timeCol)
              + " dates or timestamps.");
    }
  }

  /** Whether texts of a form are in the order of their times. */
  static boolean isSorted(String form) {
    boolean epoch = form.startsWith("epoch");
    String letters = form.replaceAll("'[^']*'", "").replaceAll("[^A-Za-z]", "");
    return (epoch ? form : letters).matches(SORTED_FORM);
  }

  /** What clocks show twice when they are put back does not order rows. */
  private void checkOrder(Dataset<?> rows, org.apache.spark.sql.Column[] by, ZoneId zone) {
    String time = $(timeCol);
    var twice =
        rows.groupBy(by)
            .agg(functions.count(functions.lit(1)).as("unroll rows"))
            .filter("`unroll rows` > 1")
            .select(functions.min(functions.col(Values.quoted(time)).cast(DataTypes.StringType)))
            .first();
    if (!twice.isNullAt(0)) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "column %s has %s twice, which clocks in %s may have shown twice",
              time,
              twice.getString(0),
              zone),
          "Name the column that orders the rows with orderCol, or make " + time + " timestamps.");
    }
  }

  private DataType typeOfTimes(Dataset<?> rows) {
    String time = $(timeCol);
    return time.isEmpty() ? DataTypes.NullType : rows.schema().apply(time).dataType();
  }

  /**
   * Returns the zone whose clocks show the times, which are moments; null where no clock is ever
   * put forward or back, so that what they show says all.
   */
  private @Nullable ZoneId zone(Dataset<?> rows) {
    if (!typeOfTimes(rows).equals(DataTypes.TimestampType)) {
      return null;
    }
    ZoneId known = knownZone(rows);
    return known == null ? zoneOfSession(rows) : known;
  }

  private static @Nullable ZoneId zoneOfSession(Dataset<?> rows) {
    String session = rows.sparkSession().conf().get("spark.sql.session.timeZone");
    ZoneId zone = DateTimeUtils$.MODULE$.getZoneId(session);
    return zone.getRules().isFixedOffset() ? null : zone;
  }

  /**
   * Returns the zone whose clocks the command reads by itself: the one it is given, else that of
   * the model that it trains further.
   */
  private @Nullable ZoneId knownZone(Dataset<?> rows) {
    ZoneId named = SeriesForm.zone((String) value(ZONE));
    String parent = (String) value(OptionParams.PARENT);
    if (named != null || parent == null) {
      return named;
    }
    var before = SharedModel.read(parent, rows.sparkSession()).open(Forecaster.class);
    return SeriesForm.zone(SeriesReading.of(before.provenance()).form().zone());
  }

  @Override
  List<String> reading(Dataset<?> rows) {
    boolean moments = typeOfTimes(rows).equals(DataTypes.TimestampType);
    ZoneId zone = moments && knownZone(rows) == null ? zoneOfSession(rows) : null;
    return zone == null ? List.of() : List.of("--time-zone=" + zone);
  }

  /** A moment is written with its offset, as clocks show some of them alike. */
  @Override
  org.apache.spark.sql.Column written(Dataset<?> rows, Column column) {
    ZoneId zone = column.name().equals($(timeCol)) ? zone(rows) : null;
    return zone == null
        ? super.written(rows, column)
        : inZone(zone).apply(functions.unix_micros(rows.col(Values.quoted(column.name()))));
  }

  private static UserDefinedFunction inZone(ZoneId zone) {
    UDF1<Long, String> written =
        micros ->
            micros == null
                ? null
                : DateTimeFormatter.ISO_ZONED_DATE_TIME.format(
                    Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atZone(zone));
    return functions.udf(written, DataTypes.StringType);
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
