package dev.unroll.spark;

import java.util.List;
import java.util.Set;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataTypes;

/**
 * Trains a recognizer on pairs of a source and its labels, as {@code unroll recognize train} does.
 */
public final class UnrollRecognizeTrainer
    extends ModelTrainer<UnrollRecognizeTrainer, UnrollRecognize> {

  private static final long serialVersionUID = 1L;

  private final Param<String> inputCol = column("inputCol", "text", "column of the sources");
  private final Param<String> targetCol = column("targetCol", "target", "column of the targets");

  /** Creates a trainer with the default options. */
  public UnrollRecognizeTrainer() {
    this(Identifiable$.MODULE$.randomUID("UnrollRecognizeTrainer"));
  }

  /** Creates a trainer with the default options and a name. */
  public UnrollRecognizeTrainer(String uid) {
    super(uid, "recognize", Set.of("--source", "--target", "--delimiter"));
  }

  @Override
  List<Column> columns() {
    return List.of(
        Column.of("inputCol", $(inputCol), DataTypes.StringType).named("source"),
        Column.of("targetCol", $(targetCol), DataTypes.StringType).named("target"));
  }

  @Override
  RowFile rows() {
    return RowFile.TABLE;
  }

  @Override
  List<String> reading() {
    return List.of("--source=source", "--target=target", "--delimiter=,");
  }

  @Override
  UnrollRecognize newTransformer() {
    return new UnrollRecognize();
  }

  /** Returns a reader of trainers. */
  public static MLReader<UnrollRecognizeTrainer> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads a trainer from its folder. */
  public static UnrollRecognizeTrainer load(String folder) {
    return read().load(folder);
  }
}
