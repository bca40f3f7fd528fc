package dev.unroll.cli.label;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.command.PredictCommand;
import dev.unroll.cli.option.KeepColumnsOption;
import dev.unroll.model.Classifier;
import dev.unroll.result.Classification;
import dev.unroll.text.table.TextReading;
import dev.unroll.text.table.TextTable;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll classify predict}: the labels of texts. */
@Command(
    name = "predict",
    description = "Prints the label of each text, one per line, in input order.",
    footer = {
      "",
      "A text is a line, or in .csv and .tsv files the field of the text column; other columns are not",
      "read.",
      "Example:  echo 'Who wrote Hamlet ?' | unroll classify predict questions.safetensors -",
    })
final class ClassifyPredictCommand
    extends PredictCommand<Classifier, TextTable.Row, Classification> {

  @Mixin LabelColumns columns = new LabelColumns();
  @Mixin KeepColumnsOption keep = new KeepColumnsOption();
  @Mixin ThresholdOption threshold = new ThresholdOption();

  @Option(
      names = "--probabilities",
      description = "Add the probability of every label, the likeliest first.")
  boolean probabilities;

  @Override
  protected void check() {
    keep.check(json);
    if (columns.label != null) {
      throw new InputException("--label does nothing where labels are predicted", "Leave it out.");
    }
  }

  @Override
  protected Classifier open() {
    return threshold.of(Classifier.open(given.model()));
  }

  @Override
  protected void read(Classifier classifier, Consumer<TextTable.Row> reader) {
    TextReading reading = columns.reading(columns.table(classifier.labelNames().source()), err());
    (keep.asked() ? reading.keepingColumns() : reading).forEach(given.files(), reader);
  }

  @Override
  protected List<Classification> answer(
      Classifier classifier, List<TextTable.Row> rows, Workers workers) {
    return classifier.classify(rows.stream().map(TextTable.Row::text).toList(), workers);
  }

  @Override
  protected void print(
      PrintWriter out, Classifier classifier, TextTable.Row row, Classification found) {
    String trained = classifier.labelNames().source().getOrDefault("several", ",");
    String separator = TextTable.separator(classifier.labelNames().names(), trained);
    var line = new StringBuilder(String.join(separator, found.labels()));
    if (probabilities) {
      found
          .probabilities()
          .forEach(
              (label, probability) ->
                  line.append(String.format(Locale.ROOT, "\t%s=%.4f", label, probability)));
    }
    out.println(line);
  }

  @Override
  protected Map<String, Object> fields(
      Classifier classifier, TextTable.Row row, Classification found) {
    var fields = new LinkedHashMap<String, Object>();
    if (classifier.multiLabel()) {
      fields.put("labels", found.labels());
    } else {
      fields.put("label", found.labels().getFirst());
    }
    if (probabilities) {
      fields.put("probabilities", found.probabilities());
    }
    return keep.fields(row.known().columns(), row.text(), fields);
  }
}
