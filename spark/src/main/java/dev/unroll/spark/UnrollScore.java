package dev.unroll.spark;

import dev.unroll.base.Workers;
import dev.unroll.model.LanguageModel;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Scores texts with a language model. */
public final class UnrollScore extends ModelTransformer<UnrollScore> {

  private static final long serialVersionUID = 1L;

  private final Param<String> logProbabilityCol =
      output(
          "logProbabilityCol",
          "logProbability",
          DataTypes.DoubleType,
          "column of the natural logarithm of the probability of a text");
  private final Param<String> tokensCol =
      output(
          "tokensCol",
          "tokens",
          DataTypes.IntegerType,
          "column of the number of its tokens, its end included");
  private final Param<String> perplexityCol =
      output(
          "perplexityCol",
          "perplexity",
          DataTypes.DoubleType,
          "column of its perplexity per token");

  /** Creates a transformer without a model. */
  public UnrollScore() {
    this(Identifiable$.MODULE$.randomUID("UnrollScore"));
  }

  /** Creates a transformer without a model, with a name. */
  public UnrollScore(String uid) {
    super(uid, "text");
  }

  /**
   * Returns the parameter that names the column of the natural logarithm of the probability of a
   * text.
   */
  public Param<String> logProbabilityCol() {
    return logProbabilityCol;
  }

  /**
   * Returns this transformer with another name for the column of the natural logarithm of the
   * probability of a text.
   */
  public UnrollScore setLogProbabilityCol(String value) {
    return with(logProbabilityCol, value);
  }

  /** Returns the parameter that names the column of the number of its tokens, its end included. */
  public Param<String> tokensCol() {
    return tokensCol;
  }

  /**
   * Returns this transformer with another name for the column of the number of its tokens, its end
   * included.
   */
  public UnrollScore setTokensCol(String value) {
    return with(tokensCol, value);
  }

  /** Returns the parameter that names the column of its perplexity per token. */
  public Param<String> perplexityCol() {
    return perplexityCol;
  }

  /** Returns this transformer with another name for the column of its perplexity per token. */
  public UnrollScore setPerplexityCol(String value) {
    return with(perplexityCol, value);
  }

  @Override
  Answering<?, ?> answering() {
    return new Scoring();
  }

  @Override
  DataType inputType() {
    return DataTypes.StringType;
  }

  /** Returns a reader of transformers. */
  public static MLReader<UnrollScore> read() {
    return new TransformerFiles.Reader<>(UnrollScore.class, UnrollScore::new);
  }

  /** Reads a transformer from its folder. */
  public static UnrollScore load(String folder) {
    return read().load(folder);
  }

  private record Scoring() implements TextAnswering<LanguageModel> {

    @Override
    public Class<LanguageModel> kind() {
      return LanguageModel.class;
    }

    @Override
    public List<Object[]> answer(LanguageModel model, List<String> inputs) {
      return model.score(inputs, Workers.single()).stream()
          .map(
              score ->
                  new Object[] {score.total(), score.logProbabilities().size(), score.perplexity()})
          .toList();
    }
  }
}
