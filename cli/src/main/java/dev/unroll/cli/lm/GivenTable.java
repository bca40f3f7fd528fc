package dev.unroll.cli.lm;

import dev.unroll.cli.option.KeptInModel;
import dev.unroll.data.Condition;
import dev.unroll.data.ConditionedStream;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.InputException;
import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;
import dev.unroll.kernel.Workers;
import dev.unroll.measure.Evaluation;
import dev.unroll.task.lm.LanguageModel;
import dev.unroll.text.Corpus;
import dev.unroll.text.table.TextReading;
import dev.unroll.text.table.TextTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Tables of texts and what each was written for. */
@KeptInModel
final class GivenTable {

  @Option(
      names = "--given-column",
      paramLabel = "COLUMN",
      description =
          "Texts written for a label: files are tables (.csv, else .tsv) with a header, whose column COLUMN has"
              + " the label of each text.")
  @Nullable String column;

  @Option(
      names = "--text",
      paramLabel = "COLUMN",
      defaultValue = "text",
      description = "With --given-column: the column of the texts. Default: ${DEFAULT-VALUE}.")
  String text = "text";

  /** Returns whether files are tables. */
  boolean used() {
    if (column == null && !text.equals("text")) {
      throw new InputException(
          "--text does nothing without --given-column", "Add --given-column, or leave it out.");
    }
    return column != null;
  }

  /** Reads tables. */
  List<TextTable.Row> rows(List<Path> files) {
    String label = column;
    if (label == null) {
      throw new IllegalStateException("no column");
    }
    return new TextReading(TextTable.USUAL.withText(text).withLabel(label)).rows(files, true);
  }

  /** Reads tables for a model that knows its tokens and its labels. */
  ConditionedStream read(List<Path> files, Tokenizer tokenizer, Condition condition) {
    List<TextTable.Row> rows = rows(files);
    Corpus corpus = Corpus.of(rows.stream().map(GivenTable::line).toList(), tokenizer, true);
    return new ConditionedStream(corpus, condition, vectors(rows, condition));
  }

  /** Measures a model on a table, each text for its own label. */
  Evaluation evaluate(LanguageModel model, Path file, Workers workers) {
    Condition condition = model.network().condition();
    if (condition == null) {
      throw new InputException(
          "the model does not write for a label", "Leave --given-column out, and give plain text.");
    }
    var texts = new LinkedHashMap<String, List<TextTable.Row>>();
    for (TextTable.Row row : rows(List.of(file))) {
      located(row, label -> vector(label, condition));
      texts.computeIfAbsent(label(row), unseen -> new ArrayList<>()).add(row);
    }
    var sum = Evaluation.EMPTY;
    for (var each : texts.entrySet()) {
      var lines = each.getValue().stream().map(GivenTable::line).toList();
      Corpus corpus = Corpus.of(lines, model.tokenizer(), true);
      sum =
          sum.plus(model.withCondition(vector(each.getKey(), condition)).evaluate(corpus, workers));
    }
    return sum;
  }

  static String line(TextTable.Row row) {
    return row.text().replaceAll("[\\r\\n]+", " ");
  }

  static String label(TextTable.Row row) {
    return row.labels().getFirst();
  }

  /** Reads what a text was written for; what is wrong with it is told with its place. */
  static float[] located(TextTable.Row row, Function<String, float[]> reader) {
    try {
      return reader.apply(label(row));
    } catch (InputException e) {
      throw e.at(row.file(), row.line());
    }
  }

  static float[][] vectors(List<TextTable.Row> rows, Condition condition) {
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
          "«%s» has %s, not %d"
              .formatted(text, Plural.of(vector.length, "number"), condition.inputs()),
          "Give as many numbers for each text.");
    }
    return vector;
  }

  static float[] vector(String text) {
    String[] words = text.strip().split("[\\s,]+", -1);
    float[] vector = new float[words.length];
    for (int i = 0; i < words.length; i++) {
      vector[i] = Numbers.parseFloat(words[i]);
      if (Float.isNaN(vector[i])) {
        throw new InputException("«%s» is not a finite number".formatted(words[i]), Numbers.FIX);
      }
    }
    return vector;
  }
}
