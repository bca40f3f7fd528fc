package dev.unroll.spark.text;

import dev.unroll.base.InputException;
import dev.unroll.data.Tokenizer;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Vocabularies and byte pairs of texts in a column. Executors tokenize the texts and count; the
 * driver gets each distinct token with its count, builds the vocabulary, and learns byte pairs. It
 * needs memory for the distinct tokens only. The result is that of one machine, however the rows
 * are partitioned and ordered.
 */
public final class UnrollVocabulary {

  private UnrollVocabulary() {}

  /**
   * Returns how the texts become ids: what {@link TokenOptions#tokenizer(java.util.List)} returns
   * for the same texts. Rows without a text are left out.
   *
   * @param column the column of the texts
   * @throws InputException if there is no such column of type string, or no token has an id
   */
  public static Tokenizer learn(Dataset<?> texts, String column, TokenOptions options) {
    // Byte pairs begin with all words: rare ones have pairs, too.
    boolean all = options.unit() == Segmentation.Unit.BYTE_PAIRS;
    var counts = counts(texts, column, options.segmentation(), all ? 1 : options.least());
    return options.tokenizer(counts);
  }

  /** Returns how often each token occurs that occurs {@code least} times or more. */
  static Map<String, Long> counts(
      Dataset<?> texts, String column, Segmentation segmentation, long least) {
    var cut = new Cut(segmentation.unit(), segmentation.lowerCase(), segmentation.punctuation());
    Iterator<Row> rows =
        column(texts, column)
            .flatMap(cut, Encoders.STRING())
            .groupBy("value")
            .count()
            .filter(functions.col("count").geq(least))
            .toLocalIterator();
    var counts = new HashMap<String, Long>();
    rows.forEachRemaining(row -> counts.put(row.getString(0), row.getLong(1)));
    return counts;
  }

  /**
   * Returns the texts of a column, without rows that have none.
   *
   * @throws InputException if there is no such column of type string
   */
  static Dataset<String> column(Dataset<?> texts, String column) {
    if (!Arrays.asList(texts.schema().fieldNames()).contains(column)
        || !texts.schema().apply(column).dataType().equals(DataTypes.StringType)) {
      throw new InputException(
          "there is no column " + column + " of type string in " + texts.schema().simpleString(),
          "Name the column of the texts.");
    }
    return texts
        .toDF()
        .select(functions.col("`" + column.replace("`", "``") + "`").as("text"))
        .filter("text IS NOT NULL")
        .as(Encoders.STRING());
  }

  /** Cuts texts on an executor. */
  private record Cut(
      Segmentation.Unit unit, boolean lowerCase, Segmentation.Punctuation punctuation)
      implements FlatMapFunction<String, String> {

    @Override
    public Iterator<String> call(String text) {
      return new Segmentation(unit, lowerCase, punctuation).cut(text).iterator();
    }
  }
}
