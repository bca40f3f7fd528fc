package dev.unroll.spark;

import dev.unroll.base.Workers;
import dev.unroll.model.Transducer;
import dev.unroll.result.Decoding;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Writes targets for source texts: translations, pronunciations, corrections. */
public final class UnrollTransduce extends ModelTransformer<UnrollTransduce> {

  private static final long serialVersionUID = 1L;

  private final Param<String> predictionCol =
      output("predictionCol", "prediction", DataTypes.StringType, "column of the likeliest target");
  private final Param<String> logProbabilityCol =
      output(
          "logProbabilityCol",
          "logProbability",
          DataTypes.DoubleType,
          "column of the natural logarithm of its probability");

  /** Creates a transformer without a model. */
  public UnrollTransduce() {
    this(Identifiable$.MODULE$.randomUID("UnrollTransduce"));
  }

  /** Creates a transformer without a model, with a name. */
  public UnrollTransduce(String uid) {
    super(uid, "text");
  }

  /** Returns the parameter that names the column of the likeliest target. */
  public Param<String> predictionCol() {
    return predictionCol;
  }

  /** Returns this transformer with another name for the column of the likeliest target. */
  public UnrollTransduce setPredictionCol(String value) {
    return with(predictionCol, value);
  }

  /** Returns the parameter that names the column of the natural logarithm of its probability. */
  public Param<String> logProbabilityCol() {
    return logProbabilityCol;
  }

  /**
   * Returns this transformer with another name for the column of the natural logarithm of its
   * probability.
   */
  public UnrollTransduce setLogProbabilityCol(String value) {
    return with(logProbabilityCol, value);
  }

  @Override
  Answering<?, ?> answering() {
    return new Transducing();
  }

  @Override
  DataType inputType() {
    return DataTypes.StringType;
  }

  /** Returns a reader of transformers. */
  public static MLReader<UnrollTransduce> read() {
    return new TransformerFiles.Reader<>(UnrollTransduce.class, UnrollTransduce::new);
  }

  /** Reads a transformer from its folder. */
  public static UnrollTransduce load(String folder) {
    return read().load(folder);
  }

  private record Transducing() implements TextAnswering<Transducer> {

    @Override
    public Class<Transducer> kind() {
      return Transducer.class;
    }

    @Override
    public List<Object[]> answer(Transducer model, List<String> inputs) {
      return model.transduce(inputs, Decoding.BEAM, Workers.single()).stream()
          .map(List::getFirst)
          .map(best -> new Object[] {best.text(), best.logProbability()})
          .toList();
    }
  }
}
