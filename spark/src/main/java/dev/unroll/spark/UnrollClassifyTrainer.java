package dev.unroll.spark;

import dev.unroll.ClassifierTrainer;
import dev.unroll.Unroll;
import dev.unroll.base.InputException;
import dev.unroll.model.Classifier;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.task.label.LabelFields;
import dev.unroll.train.TrainingListener;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a classifier on the executors, as {@link SparkTraining} does. The model is that of {@code
 * Unroll.classifier()} with the same examples, options and shards, bit for bit. That depends on the
 * order of the examples: where a column orders them, no partitioning changes a bit; without one it
 * is the order of the partitions. What is not set is found from the data.
 */
public final class UnrollClassifyTrainer extends Estimator<UnrollClassify> {

  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> labelCol;
  private final Param<String> orderCol;
  private final IntParam units;
  private final IntParam epochs;
  private final IntParam batch;
  private final IntParam shards;
  private final DoubleParam rate;
  private final LongParam seed;

  /** Creates a trainer with the usual options. */
  public UnrollClassifyTrainer() {
    this(Identifiable$.MODULE$.randomUID("UnrollClassifyTrainer"));
  }

  /** Creates a trainer with the usual options, with a name of its own. */
  public UnrollClassifyTrainer(String uid) {
    this.uid = uid; // which the parameters ask for
    inputCol = new Param<>(this, "inputCol", "column of the texts");
    labelCol = new Param<>(this, "labelCol", "column of the labels");
    orderCol = new Param<>(this, "orderCol", "column that orders the examples; empty for none");
    units = new IntParam(this, "units", "units of a GRU that reads both ways");
    epochs = new IntParam(this, "epochs", "how often the data is read");
    batch = new IntParam(this, "batch", "examples of a step");
    shards = new IntParam(this, "shards", "shards of a step, 2 or more");
    rate = new DoubleParam(this, "rate", "learning rate");
    seed = new LongParam(this, "seed", "seed of the run");
    setDefault(inputCol, "text");
    setDefault(labelCol, "label");
    setDefault(orderCol, "");
    setDefault(shards, 8);
  }

  @Override
  public String uid() {
    return uid;
  }

  /** Returns the parameter that names the column of the texts. */
  public Param<String> inputCol() {
    return inputCol;
  }

  /** Returns the parameter that names the column of the labels. */
  public Param<String> labelCol() {
    return labelCol;
  }

  /** Returns the parameter that names the column that orders the examples. */
  public Param<String> orderCol() {
    return orderCol;
  }

  /** Returns the parameter of the units. */
  public IntParam units() {
    return units;
  }

  /** Returns the parameter of the epochs. */
  public IntParam epochs() {
    return epochs;
  }

  /** Returns the parameter of the examples of a step. */
  public IntParam batch() {
    return batch;
  }

  /** Returns the parameter of the shards. */
  public IntParam shards() {
    return shards;
  }

  /** Returns the parameter of the learning rate. */
  public DoubleParam rate() {
    return rate;
  }

  /** Returns the parameter of the seed. */
  public LongParam seed() {
    return seed;
  }

  /** Returns this trainer with another value of one of its parameters. */
  public <V> UnrollClassifyTrainer with(Param<? super V> param, V value) {
    set(param.w(value));
    return this;
  }

  /** One text with its label. */
  private record Example(String text, String label) implements Serializable {}

  /** The run that every machine prepares; options by the names of their parameters. */
  private record Asked(List<Example> examples, Map<String, Object> options)
      implements Recipe<LabelFields> {

    @Override
    public Run<LabelFields> prepare() {
      ClassifierTrainer trainer = Unroll.classifier().data(examples, Example::text, Example::label);
      options.forEach(
          (name, value) -> {
            switch (name) {
              case "units" -> trainer.gru((int) value);
              case "epochs" -> trainer.epochs((int) value);
              case "batch" -> trainer.batch((int) value);
              case "shards" -> trainer.shards((int) value);
              case "rate" -> trainer.rate((double) value);
              case "seed" -> trainer.seed((long) value);
              default -> throw new IllegalStateException(name);
            }
          });
      return trainer.prepare(RunOutput.NOTHING);
    }
  }

  @Override
  public UnrollClassify fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    var options = new HashMap<String, Object>();
    for (Param<?> param : List.of(units, epochs, batch, shards, rate, seed)) {
      if (isDefined(param)) {
        options.put(param.name(), $(param));
      }
    }
    var asked = new Asked(examples(dataset), options);
    var file = SparkTraining.run(dataset.sparkSession(), asked, TrainingListener.NONE);
    return new UnrollClassify()
        .setInputCol($(inputCol))
        .setModel(new Classifier(file))
        .setParent(this);
  }

  private List<Example> examples(Dataset<?> dataset) {
    String order = $(orderCol);
    Dataset<Row> rows = dataset.toDF();
    rows = order.isEmpty() ? rows : rows.orderBy(order);
    var examples = new ArrayList<Example>();
    for (Row row : rows.select($(inputCol), $(labelCol)).collectAsList()) {
      if (row.isNullAt(0) || row.isNullAt(1)) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "example %,d has no %s",
                examples.size() + 1,
                $(row.isNullAt(0) ? inputCol : labelCol)),
            "Leave such rows out.");
      }
      examples.add(new Example(row.getString(0), row.getString(1)));
    }
    return examples;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    for (String column : List.of($(inputCol), $(labelCol))) {
      if (!Arrays.asList(schema.fieldNames()).contains(column)
          || !schema.apply(column).dataType().equals(DataTypes.StringType)) {
        throw new InputException(
            "there is no column " + column + " of type string in " + schema.simpleString(),
            "Name the columns of the texts and of the labels with inputCol and labelCol.");
      }
    }
    return new UnrollClassify().setInputCol($(inputCol)).transformSchema(schema);
  }

  @Override
  public UnrollClassifyTrainer copy(ParamMap extra) {
    return defaultCopy(extra);
  }
}
