package dev.unroll.cli.label;

import dev.unroll.cli.option.TaskOptions;
import dev.unroll.cli.report.Blocks;
import dev.unroll.cli.report.JsonLine;
import dev.unroll.file.InputException;
import dev.unroll.kernel.Workers;
import dev.unroll.task.label.Classifier;
import dev.unroll.task.label.Classifier.Classification;
import dev.unroll.text.table.TextTable;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unroll classify predict}: the labels of texts. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Prints the label of each text, a line each, in their order.",
    footer = {
      "",
      "A text is a line, or in .csv and .tsv files the field of the column text; other columns are not",
      "read.",
      "Example:  echo 'Who wrote Hamlet ?' | unroll classify predict questions.safetensors -",
    })
public final class ClassifyPredictCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin TaskOptions given = new TaskOptions();
  @Mixin TextColumns columns = new TextColumns();
  @Mixin ThresholdOption threshold = new ThresholdOption();

  @Option(
      names = "--probabilities",
      description = "Add the probability of every label, the likeliest first.")
  boolean probabilities;

  @Override
  public Integer call() {
    if (columns.label != null) {
      throw new InputException("--label does nothing where labels are predicted", "Leave it out.");
    }
    Classifier classifier = threshold.of(Classifier.open(given.model));
    var source = classifier.model().labels().source();
    try (Workers workers = given.threads.workers();
        var blocks =
            new Blocks<TextTable.Row>(given.files, rows -> answer(classifier, rows, workers))) {
      columns.table(source).forEach(given.files, blocks);
    }
    return 0;
  }

  private void answer(Classifier classifier, List<TextTable.Row> rows, Workers workers) {
    PrintWriter out = spec.commandLine().getOut();
    List<String> texts = rows.stream().map(TextTable.Row::text).toList();
    List<Classification> found = classifier.classify(texts, workers);
    for (int i = 0; i < texts.size(); i++) {
      out.println(
          given.json
              ? json(classifier, texts.get(i), found.get(i))
              : line(classifier, found.get(i)));
    }
  }

  private String line(Classifier classifier, Classification found) {
    String separator = classifier.model().labels().source().getOrDefault("several", ",");
    var line = new StringBuilder(String.join(separator, found.labels()));
    if (probabilities) {
      classifier
          .ranked(found)
          .forEach(
              (label, probability) ->
                  line.append(String.format(Locale.ROOT, "\t%s=%.4f", label, probability)));
    }
    return line.toString();
  }

  private String json(Classifier classifier, String text, Classification found) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("text", text);
    if (classifier.multiLabel()) {
      fields.put("labels", found.labels());
    } else {
      fields.put("label", found.labels().getFirst());
    }
    if (probabilities) {
      fields.put("probabilities", classifier.ranked(found));
    }
    return JsonLine.of(fields);
  }
}
