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
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import scala.collection.Seq;

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
   * Registers all functions in a session, for some models, which are read immediately; those of an
   * earlier call are replaced.
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
    add(session, "unroll_score", shared, new UnrollScore());
    add(session, "unroll_classify", shared, new UnrollClassify());
    add(session, "unroll_regress", shared, new UnrollRegress());
    add(session, "unroll_transduce", shared, new UnrollTransduce());
    add(session, "unroll_recognize", shared, new UnrollRecognize());
    add(session, "unroll_tag", shared, new UnrollTag());
    add(session, "unroll_forecast", shared, new UnrollForecast());
  }

  private static void add(
      SparkSession session,
      String name,
      Map<String, SharedModel> models,
      ModelTransformer<?> transformer) {
    var function = new Function<>(name, models, transformer.answering(), transformer.inputType());
    session.udf().register(name, function, transformer.firstType());
  }

  /**
   * The first value of the answer to one input.
   *
   * @param type of the input; Spark does not check it
   */
  private record Function<M extends Model, I>(
      String name, Map<String, SharedModel> models, Answering<M, I> answering, DataType type)
      implements UDF2<@Nullable Object, @Nullable Object, @Nullable Object>, Serializable {

    @Override
    public @Nullable Object call(@Nullable Object model, @Nullable Object input) {
      SharedModel shared = models.get(String.valueOf(model));
      if (shared == null) {
        throw new InputException(
            name + ": no model is called " + model + " among " + new TreeSet<>(models.keySet()),
            "Name it where the functions are registered.");
      }
      if (input == null) {
        return null;
      }
      I read = answering.input(fitting(input));
      M open = shared.open(answering.kind());
      return Values.ofRow(answering.answer(open, List.of(read)).getFirst()[0]);
    }

    private Object fitting(Object input) {
      if (!(type instanceof ArrayType array)) {
        return fitting(input, type, "");
      }
      if (!(input instanceof Seq<?>)) {
        throw misfit(input, "");
      }
      return Values.ofRow(
          Values.list(input).stream()
              .map(each -> fitting(each, array.elementType(), "an array of "))
              .toList());
    }

    /** Numbers in a query are decimals and integers. */
    private Object fitting(Object input, DataType wanted, String where) {
      if (wanted.equals(DataTypes.StringType) && input instanceof String) {
        return input;
      }
      if (wanted.equals(DataTypes.DoubleType) && input instanceof Number number) {
        return number.doubleValue();
      }
      throw misfit(input, where);
    }

    private static String kind(Object input) {
      return input instanceof Seq<?> ? "array" : input.getClass().getSimpleName();
    }

    private InputException misfit(Object input, String where) {
      return new InputException(
          name + ": the second argument is " + where + kind(input),
          "It must be " + type.catalogString() + ": cast it.");
    }
  }
}
