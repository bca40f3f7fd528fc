package dev.unroll.spark;

import dev.unroll.base.InputException;
import dev.unroll.spark.train.CommandTraining;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model on executors, from the rows of any Dataset. Its parameters are the options of
 * {@code unroll TASK train} that determine a model ({@code epochs}, {@code units}, {@code shards},
 * …), with the same names, defaults and meaning; what is not set is derived from the data. The
 * model is that of this command with the same rows and options, bit for bit.
 *
 * <p>That depends on the order of the rows: where a column orders them, no partitioning changes a
 * bit; without one it is the order of the partitions.
 *
 * @param <E> the estimator
 * @param <M> the transformer with the model
 */
public abstract class ModelTrainer<E extends ModelTrainer<E, M>, M extends ModelTransformer<M>>
    extends Estimator<M> implements MLWritable {

  private static final long serialVersionUID = 1L;

  /** Types of columns of numbers. */
  static final List<DataType> NUMBERS =
      List.of(
          DataTypes.DoubleType,
          DataTypes.FloatType,
          DataTypes.IntegerType,
          DataTypes.LongType,
          DataTypes.ShortType,
          DataTypes.ByteType);

  /** Types of columns that name something. */
  static final List<DataType> NAMES =
      List.of(DataTypes.StringType, DataTypes.IntegerType, DataTypes.LongType);

  /** Shards that suit a few machines. */
  private static final int SHARDS = 8;

  private final String uid;
  private final String task;
  private final transient OptionParams options;
  private final ArrayList<Param<?>> own = new ArrayList<>();
  private final Param<String> orderCol;
  private final Param<String> validationCol;

  /**
   * Creates an estimator.
   *
   * @param task the command
   * @param without options that it decides itself
   */
  ModelTrainer(String uid, String task, Set<String> without) {
    this.uid = uid; // which the parameters ask for
    this.task = task;
    options = new OptionParams(this, task, without);
    orderCol = column("orderCol", "", "column that orders the rows; empty for none");
    validationCol =
        column(
            "validationIndicatorCol",
            "",
            "column that is true in rows that choose the best model; empty for a share of all");
    usually("shards", SHARDS);
    M transformer = newTransformer();
    for (Param<String> output : transformer.outputs()) {
      column(output.name(), transformer.getOrDefault(output), output.doc());
    }
  }

  /** Gives a parameter a value that it has where none is set. */
  @SuppressWarnings("unchecked")
  final void usually(String name, Object value) {
    setDefault((Param<Object>) param(name), value);
  }

  /** Declares a parameter that names a column. */
  final Param<String> column(String name, String usual, String doc) {
    var param = new Param<String>(this, name, doc);
    setDefault(param, usual);
    own.add(param);
    return param;
  }

  /** Returns the columns that are read, with their types, in the order of the fields of a row. */
  abstract List<Column> columns();

  /** Returns what writes rows as a file that the command reads. */
  abstract RowFile rows();

  /** Returns the arguments that say how the file is read. */
  abstract List<String> reading();

  /** Returns further such arguments, which follow from the types of the columns. */
  List<String> reading(Dataset<?> rows) {
    return List.of();
  }

  /** Returns the values of a column as the file has them: texts, or arrays of them. */
  org.apache.spark.sql.Column written(Dataset<?> rows, Column column) {
    var values = rows.col(Values.quoted(column.name));
    boolean array = rows.schema().apply(column.name).dataType() instanceof ArrayType;
    return array ? values : values.cast(DataTypes.StringType);
  }

  /** Returns a new transformer, without a model. */
  abstract M newTransformer();

  /** Returns a transformer without its model, whose columns have the names that are set here. */
  final M transformer() {
    M transformer = newTransformer();
    for (Param<?> param : own) {
      if (transformer.hasParam(param.name())) {
        transformer.set(transformer.getParam(param.name()), $(param));
      }
    }
    return transformer;
  }

  /**
   * A column that is read.
   *
   * @param param the parameter that names it
   * @param name its name
   * @param types the types that it may have; empty for any
   * @param written the name that it has in the file
   * @param mayBeNull whether it may be missing in a row
   */
  record Column(
      String param, String name, List<DataType> types, String written, boolean mayBeNull) {

    Column(String param, String name, List<DataType> types) {
      this(param, name, types, name, false);
    }

    static Column of(String param, String name, DataType... types) {
      return new Column(param, name, List.of(types));
    }

    /** Returns this column with another name in the file. */
    Column named(String value) {
      return new Column(param, name, types, value, mayBeNull);
    }

    /** Returns this column, which may be missing in a row. */
    Column orNull() {
      return new Column(param, name, types, written, true);
    }
  }

  @Override
  public final String uid() {
    return uid;
  }

  @Override
  public final Param<?>[] params() {
    var all = new ArrayList<Param<?>>(own);
    all.addAll(options.all());
    return all.toArray(Param<?>[]::new);
  }

  /** Returns the parameter that names the column which orders the rows. */
  public final Param<String> orderCol() {
    return orderCol;
  }

  /** Returns the parameter that names the column that marks validation rows. */
  public final Param<String> validationIndicatorCol() {
    return validationCol;
  }

  /**
   * Returns a parameter by its name, such as {@code epochs}, for a grid of values.
   *
   * @throws InputException if there is none of that name
   */
  public final Param<?> param(String name) {
    return own.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .<Param<?>>map(each -> each)
        .orElseGet(() -> options.named(name));
  }

  /** Returns the value of a parameter, or null where there is none. */
  final @Nullable Object value(String name) {
    return value(param(name));
  }

  private @Nullable Object value(Param<?> param) {
    return isDefined(param) ? getOrDefault(param) : null;
  }

  /** Returns this estimator with another value of a parameter, such as {@code ("epochs", 10)}. */
  @SuppressWarnings("unchecked")
  public final E setParam(String name, Object value) {
    var param = (Param<Object>) param(name);
    set(param.w(OptionParams.value(param, value)));
    return (E) this;
  }

  @Override
  public final M fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    if (isSet(options.named("checkpointEvery")) && !isSet(options.named("checkpoints"))) {
      throw new InputException(
          "checkpointEvery does nothing without checkpoints", "Set checkpoints to a folder.");
    }
    try {
      Path work = Files.createTempDirectory("unroll");
      try {
        return fit(dataset, work);
      } catch (InputException e) {
        throw atRows(e, work);
      } finally {
        Main.deleteAll(work);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what is wrong without the folder that the rows were written to, which is gone. */
  private static InputException atRows(InputException wrong, Path work) {
    if (!wrong.problem().contains(work.toString())) {
      return wrong;
    }
    var rows = new InputException(withoutFolder(wrong.problem(), work), wrong.fix());
    rows.initCause(wrong);
    return rows;
  }

  private static String withoutFolder(String text, Path work) {
    return text.replace(work + work.getFileSystem().getSeparator(), "");
  }

  private M fit(Dataset<?> dataset, Path work) throws IOException {
    Path model = work.resolve("model.safetensors");
    var arguments = new ArrayList<>(List.of(task, "train"));
    Dataset<Row> rows = ordered(dataset);
    String indicator = $(validationCol);
    if (indicator.isEmpty()) {
      arguments.add(file(rows, work.resolve("rows" + rows().ending())));
    } else {
      String chooses = "coalesce(" + Values.quoted(indicator) + ", false)";
      Dataset<Row> learned = rows.filter("NOT " + chooses);
      arguments.add(file(learned, work.resolve("rows" + rows().ending())));
      Dataset<Row> valid = rows.filter(chooses);
      arguments.add("--valid=" + file(valid, work.resolve("validation-rows" + rows().ending())));
    }
    arguments.addAll(reading());
    arguments.addAll(reading(rows));
    arguments.addAll(options.arguments(this::value));
    if (isSet(options.named(OptionParams.PARENT))) {
      arguments.add("--encoding=UTF-8"); // of the rows, whatever the model was trained on before
    }
    arguments.add("--out=" + model);
    arguments.add("--quiet");
    keep(arguments);
    SparkSession session = dataset.sparkSession();
    var said = new StringWriter();
    var err = new PrintWriter(said, true);
    new CommandTraining(session, work, err, err).call(arguments);
    said.toString()
        .lines()
        .map(line -> withoutFolder(line, work))
        .forEach(line -> System.getLogger(uid).log(System.Logger.Level.WARNING, line));
    return transformer().withModel(SharedModel.read(model, session)).setParent(this);
  }

  /** A run that is kept is resumed where there is something of it. */
  private void keep(List<String> arguments) {
    if (isSet(options.named("checkpoints"))) {
      arguments.add("--resume");
    } else {
      arguments.add("--checkpoint-every=0");
    }
  }

  /** Returns the rows in their order. */
  Dataset<Row> ordered(Dataset<?> dataset) {
    String order = $(orderCol);
    return order.isEmpty()
        ? dataset.toDF()
        : dataset.toDF().orderBy(dataset.col(Values.quoted(order)));
  }

  private String file(Dataset<Row> rows, Path file) throws IOException {
    var chosen =
        columns().stream()
            .map(column -> written(rows, column))
            .toArray(org.apache.spark.sql.Column[]::new);
    var checked = new Checked(rows.select(chosen).toLocalIterator(), columns());
    rows().write(checked, columns().stream().map(Column::written).toList(), file);
    return file.toString();
  }

  /** Rows in which nothing is missing that must be there. */
  private static final class Checked implements Iterator<Row> {

    private final Iterator<Row> rows;
    private final List<Column> columns;
    private long number;

    Checked(Iterator<Row> rows, List<Column> columns) {
      this.rows = rows;
      this.columns = columns;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public Row next() {
      Row row = rows.next();
      number++;
      for (int i = 0; i < columns.size(); i++) {
        if (row.isNullAt(i) && !columns.get(i).mayBeNull) {
          throw new InputException(
              String.format(Locale.ROOT, "row %,d has no %s", number, columns.get(i).name),
              "Leave such rows out.");
        }
      }
      return row;
    }
  }

  @Override
  public final StructType transformSchema(StructType schema) {
    columns().forEach(column -> check(schema, column));
    if (!$(orderCol).isEmpty()) {
      check(schema, new Column("orderCol", $(orderCol), List.of()));
    }
    if (!$(validationCol).isEmpty()) {
      check(schema, Column.of("validationIndicatorCol", $(validationCol), DataTypes.BooleanType));
    }
    return answered(schema);
  }

  /** Returns the schema of the rows that the model answers. */
  StructType answered(StructType schema) {
    return transformer().transformSchema(schema);
  }

  private static void check(StructType schema, Column column) {
    DataType type =
        new Columns(schema).type(column.name, "Name the column with " + column.param + ".");
    boolean fits =
        column.types.isEmpty()
            || column.types.stream().anyMatch(each -> DataType.equalsIgnoreNullability(type, each));
    if (!fits) {
      throw new InputException(
          String.format(Locale.ROOT, "column %s is of type %s", column.name, type.catalogString()),
          String.format(
              Locale.ROOT,
              "It must be %s, as %s: cast it.",
              String.join(" or ", column.types.stream().map(DataType::catalogString).toList()),
              column.param));
    }
  }

  @Override
  public final E copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  @Override
  public final MLWriter write() {
    return new DefaultParamsWriter(this);
  }
}
