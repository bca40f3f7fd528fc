package dev.unroll.spark;

import dev.unroll.kernel.Softmax;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.LanguageStream;
import dev.unroll.model.StreamState;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Scores each event of a session with a language model, given all events before it. A text is read
 * exactly as given: if it is a whole line, end it with a line end.
 */
public final class UnrollScoreSessions extends SessionTransformer<UnrollScoreSessions> {

  private static final long serialVersionUID = 1L;

  private final Param<String> logProbabilityCol =
      output(
          "logProbabilityCol",
          "logProbability",
          DataTypes.DoubleType,
          "column of the natural logarithm of the probability of a text, after those before it");
  private final Param<String> tokensCol =
      output("tokensCol", "tokens", DataTypes.IntegerType, "column of the number of its tokens");
  private final Param<String> stepsCol =
      output(
          "stepsCol",
          "steps",
          DataTypes.LongType,
          "column of the number of tokens that were read in all");

  /** Creates a transformer without a model. */
  public UnrollScoreSessions() {
    this(Identifiable$.MODULE$.randomUID("UnrollScoreSessions"));
  }

  /** Creates a transformer without a model, with a name. */
  public UnrollScoreSessions(String uid) {
    super(uid, "text");
  }

  /** Returns the parameter that names the column of the logarithm of the probability of a text. */
  public Param<String> logProbabilityCol() {
    return logProbabilityCol;
  }

  /** Returns this transformer with another name for the column of that logarithm. */
  public UnrollScoreSessions setLogProbabilityCol(String value) {
    return with(logProbabilityCol, value);
  }

  /** Returns the parameter that names the column of the number of the tokens of a text. */
  public Param<String> tokensCol() {
    return tokensCol;
  }

  /** Returns this transformer with another name for the column of the number of tokens. */
  public UnrollScoreSessions setTokensCol(String value) {
    return with(tokensCol, value);
  }

  /** Returns the parameter that names the column of the tokens that were read in all. */
  public Param<String> stepsCol() {
    return stepsCol;
  }

  /** Returns this transformer with another name for the column of the tokens read in all. */
  public UnrollScoreSessions setStepsCol(String value) {
    return with(stepsCol, value);
  }

  @Override
  SessionReading<?> reading() {
    return new Scoring();
  }

  @Override
  DataType inputType() {
    return DataTypes.StringType;
  }

  /** Returns a reader of transformers. */
  public static MLReader<UnrollScoreSessions> read() {
    return new TransformerFiles.Reader<>(UnrollScoreSessions.class, UnrollScoreSessions::new);
  }

  /** Reads a transformer from its folder. */
  public static UnrollScoreSessions load(String folder) {
    return read().load(folder);
  }

  private record Scoring() implements SessionReading<LanguageModel> {

    @Override
    public Class<LanguageModel> kind() {
      return LanguageModel.class;
    }

    @Override
    public Reader reader(LanguageModel model) {
      return new TokenReader(model);
    }
  }

  private static final class TokenReader implements SessionReading.Reader {

    private final LanguageModel model;
    private final LanguageStream stream;
    private final StreamState.OfTokens start;
    private long steps;

    TokenReader(LanguageModel model) {
      this.model = model;
      stream = model.stream();
      start = new StreamState.OfTokens(0, stream.state());
    }

    @Override
    public void begin() {
      restore(start);
    }

    @Override
    public void restore(StreamState state) {
      stream.restore(((StreamState.OfTokens) state).state());
      steps = state.steps();
    }

    @Override
    public Object[] read(Object event) {
      int[] ids = model.promptIds((String) event);
      double total = 0;
      for (int id : ids) {
        float[] logits = stream.logits();
        total += logits[id] - Softmax.logSumExp(logits, 0, logits.length);
        stream.read(id);
      }
      steps += ids.length;
      return new Object[] {total, ids.length, steps};
    }

    @Override
    public StreamState state() {
      return new StreamState.OfTokens(steps, stream.state());
    }
  }
}
