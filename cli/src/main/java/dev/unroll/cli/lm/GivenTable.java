package dev.unroll.cli.lm;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.option.DelimiterOption;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.data.Condition;
import dev.unroll.model.LanguageModel;
import dev.unroll.result.Evaluation;
import dev.unroll.text.Corpus;
import dev.unroll.text.table.ConditionedTexts;
import dev.unroll.text.table.TextReading;
import dev.unroll.text.table.TextTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tables of texts and what each was written for. */
@KeptInModel
final class GivenTable {

  private static final String USUAL = "text";

  @Option(
      names = "--given-column",
      paramLabel = "COLUMN",
      description =
          "Condition the texts on a label: files are tables (.csv, else .tsv) with a header,"
              + " and this column has the label of each text.")
  @Nullable String column;

  @Option(
      names = "--text",
      paramLabel = "COLUMN",
      defaultValue = USUAL,
      description = "Column of the texts, with --given-column. Default: ${DEFAULT-VALUE}.")
  String text = USUAL;

  @Mixin private DelimiterOption delimiter = new DelimiterOption();

  /** Returns whether files are tables. */
  boolean used() {
    if (column == null && !text.equals(USUAL)) {
      throw new InputException(
          "--text does nothing without --given-column", "Add --given-column, or leave it out.");
    }
    if (column == null && delimiter.character() != null) {
      throw new InputException(
          "--delimiter does nothing without --given-column",
          "Add --given-column, or leave it out.");
    }
    return column != null;
  }

  /** Returns how tables are read. */
  TextTable table() {
    String label = column;
    if (label == null) {
      throw new IllegalStateException("no column");
    }
    TextTable named =
        text.equals(USUAL)
            ? TextTable.USUAL
            : TextTable.USUAL.withNamed(TextTable.TEXT, text); // else refused without columns
    return named.withLabel(label).withDelimiter(delimiter.character());
  }

  /** Measures a model on a table, each text for its own label. */
  Evaluation evaluate(LanguageModel model, Path file, Workers workers) {
    Condition condition = model.network().condition();
    if (condition == null) {
      throw new InputException(
          "the model does not write for a label", "Leave --given-column out, and give plain text.");
    }
    var texts = new LinkedHashMap<String, List<TextTable.Row>>();
    var answers = TextTable.Answers.given(condition.labels().isEmpty());
    for (TextTable.Row row : new TextReading(table()).answers(answers).rows(List.of(file), true)) {
      row.read(own -> ConditionedTexts.vector(ConditionedTexts.label(own), condition));
      texts.computeIfAbsent(ConditionedTexts.label(row), unseen -> new ArrayList<>()).add(row);
    }
    var sum = Evaluation.EMPTY;
    for (var each : texts.entrySet()) {
      Corpus corpus =
          Corpus.of(new ConditionedTexts(each.getValue()).lines(), model.tokenizer(), true);
      float[] vector = ConditionedTexts.vector(each.getKey(), condition);
      sum = sum.plus(model.withCondition(vector).evaluate(corpus, workers));
    }
    return sum;
  }
}
