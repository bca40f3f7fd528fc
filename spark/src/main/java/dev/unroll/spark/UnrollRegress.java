package dev.unroll.spark;

import dev.unroll.base.Workers;
import dev.unroll.model.Regressor;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Predicts a number from a text. */
public final class UnrollRegress extends ModelTransformer<UnrollRegress> {

  private static final long serialVersionUID = 1L;

  private final Param<String> predictionCol =
      output("predictionCol", "prediction", DataTypes.DoubleType, "column of the number");

  /** Creates a transformer without a model. */
  public UnrollRegress() {
    this(Identifiable$.MODULE$.randomUID("UnrollRegress"));
  }

  /** Creates a transformer without a model, with a name. */
  public UnrollRegress(String uid) {
    super(uid, "text");
  }

  /** Returns the parameter that names the column of the number. */
  public Param<String> predictionCol() {
    return predictionCol;
  }

  /** Returns this transformer with another name for the column of the number. */
  public UnrollRegress setPredictionCol(String value) {
    return with(predictionCol, value);
  }

  @Override
  Answering<?, ?> answering() {
    return new Regressing();
  }

  @Override
  DataType inputType() {
    return DataTypes.StringType;
  }

  /** Returns a reader of transformers. */
  public static MLReader<UnrollRegress> read() {
    return new TransformerFiles.Reader<>(UnrollRegress.class, UnrollRegress::new);
  }

  /** Reads a transformer from its folder. */
  public static UnrollRegress load(String folder) {
    return read().load(folder);
  }

  private record Regressing() implements TextAnswering<Regressor> {

    @Override
    public Class<Regressor> kind() {
      return Regressor.class;
    }

    /** A blank text has no number, as where {@code unroll regress predict} prints nothing. */
    @Override
    public List<Object[]> answer(Regressor model, List<String> inputs) {
      List<String> some = inputs.stream().filter(text -> !text.isBlank()).toList();
      List<Double> found = some.isEmpty() ? List.of() : model.predict(some, Workers.single());
      Iterator<Double> numbers = found.iterator();
      return inputs.stream()
          .map(text -> new Object[] {text.isBlank() ? null : numbers.next()})
          .toList();
    }
  }
}
