package dev.unroll.spark;

import dev.unroll.base.InputException;
import dev.unroll.result.Model;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;

/**
 * Models as SQL functions. Each function takes the name of a model and its input, and gives the
 * same bits as the transformer of its task, which is faster because it batches rows of similar
 * length.
 *
 * <pre>{@code
 * UnrollFunctions.register(spark, Map.of("english", "hdfs:///models/english.safetensors"));
 * SELECT unroll_score('english', text) FROM sentences
 *
 * unroll_score(model, text)       DOUBLE           log-probability, by a language model
 * unroll_classify(model, text)    STRING           the likeliest label
 * unroll_regress(model, text)     DOUBLE           the number
 * unroll_transduce(model, text)   STRING           the likeliest target
 * unroll_recognize(model, text)   STRING           what was recognized
 * unroll_tag(model, words)        ARRAY<STRING>    the tag of each word
 * unroll_forecast(model, values)  ARRAY<DOUBLE>    how the series continues
 * }</pre>
 */
public final class UnrollFunctions {

  private UnrollFunctions() {}

  /**
   * Registers all functions in a session, for some models, which are read immediately.
   *
   * @param models the file of each model by its name, on any file system that Hadoop supports
   * @throws InputException if a file cannot be read, or is not a model
   */
  public static void register(SparkSession session, Map<String, String> models) {
    var shared = new HashMap<String, SharedModel>();
    new TreeMap<>(models)
        .forEach(
            (name, file) -> {
              SharedModel model = SharedModel.read(file, session);
              model.open(Model.class);
              shared.put(name, model.sentBy(session));
            });
    DataType strings = DataTypes.createArrayType(DataTypes.StringType);
    DataType numbers = DataTypes.createArrayType(DataTypes.DoubleType);
    add(session, "unroll_score", shared, new UnrollScore().answering(), DataTypes.DoubleType);
    add(session, "unroll_classify", shared, new UnrollClassify().answering(), DataTypes.StringType);
    add(session, "unroll_regress", shared, new UnrollRegress().answering(), DataTypes.DoubleType);
    add(
        session,
        "unroll_transduce",
        shared,
        new UnrollTransduce().answering(),
        DataTypes.StringType);
    add(
        session,
        "unroll_recognize",
        shared,
        new UnrollRecognize().answering(),
        DataTypes.StringType);
    add(session, "unroll_tag", shared, new UnrollTag().answering(), strings);
    add(session, "unroll_forecast", shared, new UnrollForecast().answering(), numbers);
  }

  private static void add(
      SparkSession session,
      String name,
      Map<String, SharedModel> models,
      Answering<?, ?> answering,
      DataType type) {
    session.udf().register(name, new Function<>(name, models, answering), type);
  }

  /** The first value of the answer to one input. */
  private record Function<M extends Model, I>(
      String name, Map<String, SharedModel> models, Answering<M, I> answering)
      implements UDF2<String, @Nullable Object, @Nullable Object>, Serializable {

    @Override
    public @Nullable Object call(String model, @Nullable Object input) {
      SharedModel shared = models.get(model);
      if (shared == null) {
        throw new InputException(
            name + ": no model is called " + model + " among " + new TreeSet<>(models.keySet()),
            "Name it where the functions are registered.");
      }
      if (input == null) {
        return null;
      }
      M open = shared.open(answering.kind());
      return Values.ofRow(answering.answer(open, List.of(answering.input(input))).getFirst()[0]);
    }
  }
}
