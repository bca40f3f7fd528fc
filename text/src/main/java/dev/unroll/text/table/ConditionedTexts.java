package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.batch.ConditionedStream;
import dev.unroll.data.Condition;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.text.Corpus;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Texts each of which was written for a label, or for a vector of numbers.
 *
 * @param rows the texts, each with one label: itself, or numbers between spaces or commas
 */
public record ConditionedTexts(List<TextTable.Row> rows) {

  private static final Pattern BETWEEN = Pattern.compile("\\s*;\\s*|\\s+");
  private static final Pattern BETWEEN_OR_COMMA = Pattern.compile("\\s*[,;]\\s*|\\s+");
  private static final Pattern DECIMAL_COMMA = Pattern.compile("\\d,\\d");
  private static final Pattern NO_DECIMAL = Pattern.compile(",(?!\\d)");

  /** Copies the list. */
  public ConditionedTexts {
    rows = List.copyOf(rows);
  }

  /**
   * Returns what the texts are written for.
   *
   * @param numbers whether that is a vector, or a label
   * @param place where the network reads it
   */
  public Condition condition(boolean numbers, Condition.Place place) {
    if (numbers) {
      boolean comma = hasDecimalCommas();
      int inputs = rows.getFirst().<Integer>read(row -> vector(label(row), comma).length);
      return new Condition(List.of(), inputs, place);
    }
    return Condition.ofLabels(List.copyOf(labels()), place);
  }

  /** Returns what a model writes for, with the labels of these texts added. */
  public Condition extended(Condition known) {
    if (known.labels().isEmpty()) {
      return known;
    }
    var all = new LinkedHashSet<>(known.labels());
    all.addAll(labels());
    return Condition.ofLabels(List.copyOf(all), known.place());
  }

  private TreeSet<String> labels() {
    return new TreeSet<>(rows.stream().map(ConditionedTexts::label).toList());
  }

  /** Reads texts to learn from, in an order of their own: many are sorted by label. */
  public ConditionedStream learned(Corpus.Options options, Condition condition, long seed) {
    vectors(condition); // what is wrong is reported in the order of the rows
    int[] order = IntStream.range(0, rows.size()).toArray();
    CounterRandom.of(seed, CounterRandom.Purpose.PARTS, 0).shuffle(order);
    var shuffled = new ConditionedTexts(IntStream.of(order).mapToObj(rows::get).toList());
    Corpus corpus = Corpus.of(shuffled.lines(), options);
    return new ConditionedStream(corpus, condition, shuffled.vectors(condition));
  }

  /** Reads texts for a model that knows its tokens and what it writes for. */
  public ConditionedStream known(Tokenizer tokenizer, Condition condition) {
    return new ConditionedStream(
        Corpus.of(lines(), tokenizer, true), condition, vectors(condition));
  }

  /** Returns the texts, each on one line. */
  public List<String> lines() {
    return rows.stream().map(row -> row.text().replaceAll("[\\r\\n]+", " ")).toList();
  }

  /** Returns what a text was written for. */
  public static String label(TextTable.Row row) {
    return row.labels().getFirst();
  }

  private float[][] vectors(Condition condition) {
    return rows.stream()
        .map(row -> row.read(each -> vector(label(each), condition)))
        .toArray(float[][]::new);
  }

  /**
   * Returns the vector that a text says.
   *
   * @throws InputException if it is not a label or vector of the condition
   */
  public static float[] vector(String text, Condition condition) {
    if (!condition.labels().isEmpty()) {
      return condition.vector(text);
    }
    boolean decimals = split(text, false).length != condition.inputs();
    float[] vector = vector(text, decimals && split(text, true).length == condition.inputs());
    if (vector.length != condition.inputs()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "«%s» has %s, not %d",
              text,
              Plural.of(vector.length, "number"),
              condition.inputs()),
          "Give as many numbers for each text.");
    }
    return vector;
  }

  /**
   * Returns whether commas stand before decimals, as in {@code 0,5 1,25}: none has a space after
   * it, no number has a point, and something else stands between numbers.
   */
  private boolean hasDecimalCommas() {
    List<String> all = rows.stream().map(row -> label(row).strip()).toList();
    return all.stream().anyMatch(each -> DECIMAL_COMMA.matcher(each).find())
        && all.stream().anyMatch(each -> BETWEEN.matcher(each).find())
        && all.stream().noneMatch(each -> each.contains(".") || NO_DECIMAL.matcher(each).find());
  }

  private static String[] split(String text, boolean decimalCommas) {
    return (decimalCommas ? BETWEEN : BETWEEN_OR_COMMA).split(text.strip(), -1);
  }

  private static float[] vector(String text, boolean decimalCommas) {
    String[] words = split(text, decimalCommas);
    float[] vector = new float[words.length];
    for (int i = 0; i < words.length; i++) {
      vector[i] = Numbers.parseFloat(decimalCommas ? words[i].replace(',', '.') : words[i]);
      if (Float.isNaN(vector[i])) {
        throw new InputException(
            String.format(Locale.ROOT, "«%s» is not a finite number", words[i]), Numbers.FIX);
      }
    }
    return vector;
  }
}
