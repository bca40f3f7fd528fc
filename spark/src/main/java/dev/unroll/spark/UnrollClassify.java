package dev.unroll.spark;

import dev.unroll.base.Workers;
import dev.unroll.model.Classifier;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Classifies texts: their label or labels, and the probability of every label. */
public final class UnrollClassify extends ModelTransformer<UnrollClassify> {

  private static final long serialVersionUID = 1L;

  private final Param<String> predictionCol =
      output("predictionCol", "prediction", DataTypes.StringType, "column of the likeliest label");
  private final Param<String> labelsCol =
      output(
          "labelsCol",
          "labels",
          DataTypes.createArrayType(DataTypes.StringType),
          "column of all labels that are likely enough, the likeliest first");
  private final Param<String> probabilityCol =
      output(
          "probabilityCol",
          "probability",
          SQLDataTypes.VectorType(),
          "column of the vector of the probabilities of all labels, in the order of labels()");

  /** Creates a transformer without a model. */
  public UnrollClassify() {
    this(Identifiable$.MODULE$.randomUID("UnrollClassify"));
  }

  /** Creates a transformer without a model, with a name. */
  public UnrollClassify(String uid) {
    super(uid, "text");
  }

  /** Returns the parameter that names the column of the likeliest label. */
  public Param<String> predictionCol() {
    return predictionCol;
  }

  /** Returns this transformer with another name for the column of the likeliest label. */
  public UnrollClassify setPredictionCol(String value) {
    return with(predictionCol, value);
  }

  /**
   * Returns the parameter that names the column of all labels that are likely enough, the likeliest
   * first.
   */
  public Param<String> labelsCol() {
    return labelsCol;
  }

  /**
   * Returns this transformer with another name for the column of all labels that are likely enough,
   * the likeliest first.
   */
  public UnrollClassify setLabelsCol(String value) {
    return with(labelsCol, value);
  }

  /**
   * Returns the parameter that names the column of the vector of the probabilities of all labels,
   * in the order of labels().
   */
  public Param<String> probabilityCol() {
    return probabilityCol;
  }

  /**
   * Returns this transformer with another name for the column of the vector of the probabilities of
   * all labels, in the order of labels().
   */
  public UnrollClassify setProbabilityCol(String value) {
    return with(probabilityCol, value);
  }

  /** Returns the labels of the model, in the order of the probabilities. */
  public List<String> labels() {
    return shared().open(Classifier.class).labels();
  }

  @Override
  Answering<?, ?> answering() {
    return new Classifying();
  }

  @Override
  DataType inputType() {
    return DataTypes.StringType;
  }

  /** Returns a reader of transformers. */
  public static MLReader<UnrollClassify> read() {
    return new TransformerFiles.Reader<>(UnrollClassify.class, UnrollClassify::new);
  }

  /** Reads a transformer from its folder. */
  public static UnrollClassify load(String folder) {
    return read().load(folder);
  }

  private record Classifying() implements TextAnswering<Classifier> {

    @Override
    public Class<Classifier> kind() {
      return Classifier.class;
    }

    @Override
    public List<Object[]> answer(Classifier model, List<String> inputs) {
      return model.classify(inputs, Workers.single()).stream()
          .map(
              found ->
                  new Object[] {
                    found.label(),
                    found.labels(),
                    Vectors.dense(model.labels().stream().mapToDouble(found::probability).toArray())
                  })
          .toList();
    }
  }
}
