package dev.unroll.cli;

import dev.unroll.kernel.CounterRandom;
import dev.unroll.model.Condition;
import dev.unroll.model.ConditionedStream;
import dev.unroll.model.InputException;
import dev.unroll.model.Tokenizer;
import dev.unroll.text.Corpus;
import dev.unroll.text.TextTable;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a language model writes for, and the tables that say it of each text. */
final class GivenColumns {

  @Option(
      names = "--given",
      paramLabel = "COLUMN",
      description =
          "Write for a label: files are tables (.csv, else .tsv) with a header, whose column COLUMN has the"
              + " label of each text. Such models read sentences.")
  @Nullable String column;

  @Option(
      names = "--text",
      paramLabel = "COLUMN",
      defaultValue = "text",
      description = "With --given: the column of the texts. Default: ${DEFAULT-VALUE}.")
  String text = "text";

  @Option(
      names = "--given-numbers",
      description =
          "The column has numbers between spaces or commas, a vector, instead of a label.")
  boolean numbers;

  @Option(
      names = "--given-at",
      paramLabel = "PLACE",
      defaultValue = "steps",
      description =
          "Where the network reads it: at the start (its first state) or at all steps, beside each token."
              + " Default: ${DEFAULT-VALUE}.")
  String place = "steps";

  /** Returns whether texts are written for something. */
  boolean used() {
    if (column == null && (numbers || !text.equals("text") || !place.equals("steps"))) {
      throw new InputException(
          "--text, --given-numbers and --given-at do nothing without --given",
          "Add --given COLUMN, or leave them out.");
    }
    return column != null;
  }

  private List<TextTable.Row> rows(List<Path> files) {
    String label = column;
    if (label == null) {
      throw new IllegalStateException("no column");
    }
    return new TextTable(text, label, null, TextTable.Form.BY_NAME, false).read(files, true);
  }

  /** Reads tables, in an order of their own: many are sorted by label. */
  ConditionedStream read(List<Path> files, Corpus.Options options, long seed) {
    List<TextTable.Row> rows = rows(files);
    int[] order = IntStream.range(0, rows.size()).toArray();
    CounterRandom.of(seed, CounterRandom.Purpose.PARTS, 0).shuffle(order);
    List<TextTable.Row> shuffled = IntStream.of(order).mapToObj(rows::get).toList();
    Corpus corpus = Corpus.of(shuffled.stream().map(GivenColumns::line).toList(), options);
    Condition.Place at = Condition.Place.of(place);
    Condition condition =
        numbers
            ? new Condition(
                List.of(), located(shuffled.getFirst(), GivenColumns::vector).length, at)
            : Condition.ofLabels(
                List.copyOf(new TreeSet<>(shuffled.stream().map(GivenColumns::label).toList())),
                at);
    return new ConditionedStream(corpus, condition, vectors(shuffled, condition));
  }

  /** Reads tables for a model that knows its tokens and its labels. */
  ConditionedStream read(List<Path> files, Tokenizer tokenizer, Condition condition) {
    List<TextTable.Row> rows = rows(files);
    Corpus corpus = Corpus.of(rows.stream().map(GivenColumns::line).toList(), tokenizer, true);
    return new ConditionedStream(corpus, condition, vectors(rows, condition));
  }

  private static String line(TextTable.Row row) {
    return row.text().replaceAll("[\\r\\n]+", " ");
  }

  private static String label(TextTable.Row row) {
    return row.labels().getFirst();
  }

  /** Reads what a text was written for; what is wrong with it is told with its place. */
  private static float[] located(TextTable.Row row, Function<String, float[]> reader) {
    try {
      return reader.apply(label(row));
    } catch (InputException e) {
      throw InputException.at(row.file(), row.line(), e.problem(), e.mend());
    }
  }

  private static float[][] vectors(List<TextTable.Row> rows, Condition condition) {
    float[][] vectors = new float[rows.size()][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = located(rows.get(i), label -> vector(label, condition));
    }
    return vectors;
  }

  /** Returns the vector that a text says. */
  static float[] vector(String text, Condition condition) {
    if (!condition.labels().isEmpty()) {
      return condition.vector(text);
    }
    float[] vector = vector(text);
    if (vector.length != condition.inputs()) {
      throw new InputException(
          "«%s» has %d numbers, where %d are read"
              .formatted(text, vector.length, condition.inputs()),
          "Give as many numbers for each text.");
    }
    return vector;
  }

  private static float[] vector(String text) {
    String[] words = text.strip().split("[\\s,]+", -1);
    float[] vector = new float[words.length];
    for (int i = 0; i < words.length; i++) {
      try {
        vector[i] = Float.parseFloat(words[i]);
      } catch (NumberFormatException e) {
        vector[i] = Float.NaN;
      }
      if (!Float.isFinite(vector[i])) {
        throw new InputException(
            "«%s» is not a finite number".formatted(words[i]), "Write numbers as 0.25 or 1e-3.");
      }
    }
    return vector;
  }
}
