package dev.unroll.spark;

import dev.unroll.base.InputException;
import dev.unroll.result.Model;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * An Unroll model as a stage of Spark ML: reads a column and appends the columns of its
 * predictions. An output whose column has an empty name is left out; a row whose input is null gets
 * nulls.
 *
 * @param <T> the transformer
 */
public abstract class ModelStage<T extends ModelStage<T>> extends org.apache.spark.ml.Model<T>
    implements MLWritable {

  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Param<String> inputCol;
  private final ArrayList<Output> outputs = new ArrayList<>();
  private transient @Nullable SharedModel model;

  /** A column of the answer. */
  private record Output(Param<String> name, DataType type) implements Serializable {}

  /** Creates a transformer without a model. */
  ModelStage(String uid, String usualInput) {
    this.uid = uid;
    inputCol = new Param<>(this, "inputCol", "column that the model reads");
    setDefault(inputCol, usualInput);
  }

  /** Returns the class of the models. */
  abstract Class<? extends Model> kind();

  /** Returns the type of the input column. */
  abstract DataType inputType();

  /** Declares the next value of an answer, and the parameter that names its column. */
  final Param<String> output(String param, String usual, DataType type, String doc) {
    var name = new Param<String>(this, param, doc + "; empty for none");
    setDefault(name, usual);
    outputs.add(new Output(name, type));
    return name;
  }

  /** Returns the parameters that name the columns of the answer. */
  final List<Param<String>> outputs() {
    return outputs.stream().map(Output::name).toList();
  }

  /** Returns the type of the first column of the answer. */
  final DataType firstType() {
    return outputs.getFirst().type;
  }

  @Override
  public final String uid() {
    return uid;
  }

  /** Returns the parameter that names the column that the model reads. */
  public final Param<String> inputCol() {
    return inputCol;
  }

  /** Returns this transformer, reading another column. */
  public final T setInputCol(String value) {
    return with(inputCol, value);
  }

  @SuppressWarnings("unchecked")
  private T self() {
    return (T) this;
  }

  /** Sets a parameter. */
  final <V> T with(Param<? super V> param, V value) {
    set(param.w(value));
    return self();
  }

  /**
   * Returns this transformer with the model in a file, which is read immediately.
   *
   * @param file on any file system that Hadoop supports
   * @throws InputException if it cannot be read, is damaged, or of another task
   */
  public final T setModelFile(String file) {
    return withModel(SharedModel.read(file, SparkSession.active()));
  }

  /** Returns this transformer with a model. */
  public final T setModel(Model value) {
    return withModel(SharedModel.of(value));
  }

  final T withModel(SharedModel value) {
    value.open(kind());
    model = value;
    return self();
  }

  final SharedModel shared() {
    SharedModel set = model;
    if (set == null) {
      throw new InputException(uid + " has no model", "Call setModelFile or setModel.");
    }
    return set;
  }

  @Override
  public final T copy(ParamMap extra) {
    T copy = defaultCopy(extra);
    ((ModelStage<?>) copy).model = model;
    return copy;
  }

  @Override
  public final StructType transformSchema(StructType schema) {
    String input = $(inputCol);
    var columns = new Columns(schema);
    DataType type = columns.type(input, "Name the column that the model reads with setInputCol.");
    if (!DataType.equalsIgnoreNullability(type, inputType())) {
      throw new InputException(
          String.format(Locale.ROOT, "column %s is of type %s", input, type.catalogString()),
          "It must be " + inputType().catalogString() + ": cast it.");
    }
    checkColumns(columns);
    StructType all = schema;
    for (Output output : wanted()) {
      String name = $(output.name);
      if (new Columns(all).isTaken(name)) {
        throw new InputException(
            "there is a column " + name + " already",
            "Choose another name for " + output.name.name() + ", or an empty one for none.");
      }
      all = all.add(new StructField(name, output.type, true, Metadata.empty()));
    }
    return all;
  }

  /** Checks further columns that are read. */
  void checkColumns(Columns columns) {}

  /** Checks that the model can answer what is in a column. */
  void checkModel(SharedModel set) {}

  private List<Output> wanted() {
    return outputs.stream().filter(output -> !$(output.name).isEmpty()).toList();
  }

  @Override
  public final Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = transformSchema(dataset.schema());
    checkModel(shared());
    int[] places = wanted().stream().mapToInt(outputs::indexOf).toArray();
    SharedModel sent = shared().sentBy(dataset.sparkSession());
    return answered(
        dataset.toDF(), new Wanted(sent, schema.fieldIndex($(inputCol)), places, schema));
  }

  /**
   * What is to be answered.
   *
   * @param model the model, which has been sent to the executors
   * @param input place of the input in a row
   * @param outputs which values of an answer are wanted, in the order of the new columns
   * @param schema of the rows with their answers
   */
  record Wanted(SharedModel model, int input, int[] outputs, StructType schema)
      implements Serializable {}

  /** Returns the rows with their answers. */
  abstract Dataset<Row> answered(Dataset<Row> rows, Wanted wanted);

  @Override
  public final MLWriter write() {
    return new TransformerFiles.Writer(this);
  }
}
