package dev.unroll.spark;

import java.util.List;
import java.util.Set;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataTypes;

/**
 * Trains an encoder-decoder on pairs of a source and a target, as {@code unroll transduce train}
 * does.
 */
public final class UnrollTransduceTrainer
    extends ModelTrainer<UnrollTransduceTrainer, UnrollTransduce> {

  private static final long serialVersionUID = 1L;

  private final Param<String> inputCol = column("inputCol", "text", "column of the sources");
  private final Param<String> targetCol = column("targetCol", "target", "column of the targets");

  /** Creates a trainer with the default options. */
  public UnrollTransduceTrainer() {
    this(Identifiable$.MODULE$.randomUID("UnrollTransduceTrainer"));
  }

  /** Creates a trainer with the default options and a name. */
  public UnrollTransduceTrainer(String uid) {
    super(uid, "transduce", Set.of("--source", "--target", "--delimiter"));
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
  UnrollTransduce newTransformer() {
    return new UnrollTransduce();
  }

  /** Returns a reader of trainers. */
  public static MLReader<UnrollTransduceTrainer> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads a trainer from its folder. */
  public static UnrollTransduceTrainer load(String folder) {
    return read().load(folder);
  }
}
