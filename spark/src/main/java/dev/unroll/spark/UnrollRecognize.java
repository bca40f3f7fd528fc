package dev.unroll.spark;

import dev.unroll.base.Workers;
import dev.unroll.model.Recognizer;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Recognizes labels in texts, or in sequences of numbers written as texts. */
public final class UnrollRecognize extends ModelTransformer<UnrollRecognize> {

  private static final long serialVersionUID = 1L;

  private final Param<String> predictionCol =
      output("predictionCol", "prediction", DataTypes.StringType, "column of what was recognized");
  private final Param<String> scoreCol =
      output("scoreCol", "score", DataTypes.DoubleType, "column of its score");

  /** Creates a transformer without a model. */
  public UnrollRecognize() {
    this(Identifiable$.MODULE$.randomUID("UnrollRecognize"));
  }

  /** Creates a transformer without a model, with a name. */
  public UnrollRecognize(String uid) {
    super(uid, "text");
  }

  /** Returns the parameter that names the column of what was recognized. */
  public Param<String> predictionCol() {
    return predictionCol;
  }

  /** Returns this transformer with another name for the column of what was recognized. */
  public UnrollRecognize setPredictionCol(String value) {
    return with(predictionCol, value);
  }

  /** Returns the parameter that names the column of its score. */
  public Param<String> scoreCol() {
    return scoreCol;
  }

  /** Returns this transformer with another name for the column of its score. */
  public UnrollRecognize setScoreCol(String value) {
    return with(scoreCol, value);
  }

  @Override
  Answering<?, ?> answering() {
    return new Recognizing();
  }

  @Override
  DataType inputType() {
    return DataTypes.StringType;
  }

  /** Returns a reader of transformers. */
  public static MLReader<UnrollRecognize> read() {
    return new TransformerFiles.Reader<>(UnrollRecognize.class, UnrollRecognize::new);
  }

  /** Reads a transformer from its folder. */
  public static UnrollRecognize load(String folder) {
    return read().load(folder);
  }

  private record Recognizing() implements TextAnswering<Recognizer> {

    @Override
    public Class<Recognizer> kind() {
      return Recognizer.class;
    }

    @Override
    public List<Object[]> answer(Recognizer model, List<String> inputs) {
      return model.recognize(inputs, Recognizer.Search.USUAL, Workers.single()).stream()
          .map(List::getFirst)
          .map(best -> new Object[] {best.text(), best.score()})
          .toList();
    }
  }
}
