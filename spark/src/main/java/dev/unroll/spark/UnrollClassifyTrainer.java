package dev.unroll.spark;

import java.util.List;
import java.util.Set;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataTypes;

/** Trains a classifier of texts, as {@code unroll classify train}. */
public final class UnrollClassifyTrainer
    extends ExampleTrainer<UnrollClassifyTrainer, UnrollClassify> {

  private static final long serialVersionUID = 1L;

  private final Param<String> inputCol = column("inputCol", "text", "column of the texts");
  private final Param<String> labelCol = column("labelCol", "label", "column of the labels");

  /** Creates a trainer with the default options. */
  public UnrollClassifyTrainer() {
    this(Identifiable$.MODULE$.randomUID("UnrollClassifyTrainer"));
  }

  /** Creates a trainer with the default options and a name. */
  public UnrollClassifyTrainer(String uid) {
    super(
        uid,
        "classify",
        Set.of("--text", "--label", "--format", "--quotes", "--delimiter", "--follow-links"));
  }

  @Override
  List<Column> example() {
    return List.of(
        Column.of("inputCol", $(inputCol), DataTypes.StringType).named("text"),
        Column.of("labelCol", $(labelCol), DataTypes.StringType).named("label"));
  }

  @Override
  RowFile rows() {
    return RowFile.TABLE;
  }

  @Override
  List<String> readingExamples() {
    return List.of("--text=text", "--label=label", "--delimiter=,");
  }

  @Override
  UnrollClassify newTransformer() {
    return new UnrollClassify();
  }

  /** Returns a reader of trainers. */
  public static MLReader<UnrollClassifyTrainer> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads a trainer from its folder. */
  public static UnrollClassifyTrainer load(String folder) {
    return read().load(folder);
  }
}
