package dev.unroll.spark;

import java.util.List;
import java.util.Set;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataTypes;

/** Trains a model that predicts a number from a text, as {@code unroll regress train} does. */
public final class UnrollRegressTrainer
    extends ExampleTrainer<UnrollRegressTrainer, UnrollRegress> {

  private static final long serialVersionUID = 1L;

  private final Param<String> inputCol = column("inputCol", "text", "column of the texts");
  private final Param<String> labelCol = column("labelCol", "label", "column of the numbers");

  /** Creates a trainer with the default options. */
  public UnrollRegressTrainer() {
    this(Identifiable$.MODULE$.randomUID("UnrollRegressTrainer"));
  }

  /** Creates a trainer with the default options and a name. */
  public UnrollRegressTrainer(String uid) {
    super(
        uid,
        "regress",
        Set.of("--text", "--value", "--format", "--quotes", "--delimiter", "--follow-links"));
  }

  @Override
  List<Column> example() {
    return List.of(
        Column.of("inputCol", $(inputCol), DataTypes.StringType).named("text"),
        new Column("labelCol", $(labelCol), NUMBERS).named("value"));
  }

  @Override
  RowFile rows() {
    return RowFile.TABLE;
  }

  @Override
  List<String> readingExamples() {
    return List.of("--text=text", "--value=value", "--delimiter=,");
  }

  @Override
  UnrollRegress newTransformer() {
    return new UnrollRegress();
  }

  /** Returns a reader of trainers. */
  public static MLReader<UnrollRegressTrainer> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads a trainer from its folder. */
  public static UnrollRegressTrainer load(String folder) {
    return read().load(folder);
  }
}
