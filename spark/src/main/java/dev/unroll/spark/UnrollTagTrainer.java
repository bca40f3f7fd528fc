package dev.unroll.spark;

import java.util.List;
import java.util.Set;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Trains a tagger on sentences, as {@code unroll tag train} does: a row has the two arrays of a
 * sentence.
 */
public final class UnrollTagTrainer extends ExampleTrainer<UnrollTagTrainer, UnrollTag> {

  private static final long serialVersionUID = 1L;

  private final Param<String> inputCol = column("inputCol", "words", "column of the words");
  private final Param<String> labelCol = column("labelCol", "labels", "column of their tags");

  /** Creates a trainer with the default options. */
  public UnrollTagTrainer() {
    this(Identifiable$.MODULE$.randomUID("UnrollTagTrainer"));
  }

  /** Creates a trainer with the default options and a name. */
  public UnrollTagTrainer(String uid) {
    super(uid, "tag", Set.of("--words", "--tags", "--columns", "--column-width"));
  }

  @Override
  List<Column> example() {
    DataType array = DataTypes.createArrayType(DataTypes.StringType);
    return List.of(
        Column.of("inputCol", $(inputCol), array), Column.of("labelCol", $(labelCol), array));
  }

  @Override
  RowFile rows() {
    return RowFile.TAGGED;
  }

  @Override
  List<String> readingExamples() {
    return List.of("--words=2", "--tags=3");
  }

  @Override
  UnrollTag newTransformer() {
    return new UnrollTag();
  }

  /** Returns a reader of trainers. */
  public static MLReader<UnrollTagTrainer> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads a trainer from its folder. */
  public static UnrollTagTrainer load(String folder) {
    return read().load(folder);
  }
}
