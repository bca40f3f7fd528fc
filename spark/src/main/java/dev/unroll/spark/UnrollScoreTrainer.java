package dev.unroll.spark;

import java.util.List;
import java.util.Set;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataTypes;

/**
 * Trains a language model on texts, as {@code unroll lm train} does: a row is one line of a file,
 * in which line breaks are blanks. Where lines are joined ({@code reading} is {@code paragraphs},
 * or {@code splitSentences} is set), a row may have several.
 */
public final class UnrollScoreTrainer extends ModelTrainer<UnrollScoreTrainer, UnrollScore> {

  private static final long serialVersionUID = 1L;

  private final Param<String> inputCol = column("inputCol", "text", "column of the texts");

  /** Creates a trainer with the default options. */
  public UnrollScoreTrainer() {
    this(Identifiable$.MODULE$.randomUID("UnrollScoreTrainer"));
  }

  /** Creates a trainer with the default options and a name. */
  public UnrollScoreTrainer(String uid) {
    super(
        uid,
        "lm",
        Set.of("--given-column", "--given-at", "--given-numbers", "--text", "--delimiter"));
  }

  @Override
  List<Column> columns() {
    return List.of(Column.of("inputCol", $(inputCol), DataTypes.StringType));
  }

  @Override
  RowFile rows() {
    boolean joined =
        "paragraphs".equalsIgnoreCase((String) value("reading"))
            || Boolean.TRUE.equals(value("splitSentences"));
    return joined ? RowFile.LINES : RowFile.TEXTS;
  }

  @Override
  List<String> reading() {
    return List.of();
  }

  @Override
  UnrollScore newTransformer() {
    return new UnrollScore();
  }

  /** Returns a reader of trainers. */
  public static MLReader<UnrollScoreTrainer> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads a trainer from its folder. */
  public static UnrollScoreTrainer load(String folder) {
    return read().load(folder);
  }
}
