package dev.unroll.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.kernel.Workers;
import dev.unroll.task.Classifier;
import dev.unroll.task.Classifier.Classification;
import dev.unroll.text.TextTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unroll classify predict}: the labels of texts. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Prints the label of each text, a line each, in their order.",
    footer = {
      "",
      "A text is a line, or in .csv and .tsv files the field of the column text; other columns are not read.",
      "Example:  echo 'Who wrote Hamlet ?' | unroll classify predict questions.safetensors -",
    })
final class ClassifyPredictCommand implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model of classify train.")
  Path model = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description = "Texts: files (.gz too), folders, or - for standard input.")
  List<Path> files = List.of();

  @Mixin TextColumns columns = new TextColumns();
  @Mixin ThresholdOption threshold = new ThresholdOption();

  @Option(
      names = "--probabilities",
      description = "Print the probability of every label behind it, the likeliest first.")
  boolean probabilities;

  @Option(names = "--json", description = "Print a JSON object for each text, for machines.")
  boolean json;

  @Mixin ThreadOption threads = new ThreadOption();

  @Override
  public Integer call() throws JsonProcessingException {
    PrintWriter out = spec.commandLine().getOut();
    Classifier classifier = threshold.of(Classifier.open(model));
    var source = classifier.model().labels().source();
    List<String> texts =
        columns.table(source).read(files, false).stream().map(TextTable.Row::text).toList();
    String separator = source.getOrDefault("several", ",");
    try (Workers workers = threads.workers()) {
      List<Classification> found = classifier.classify(texts, workers);
      for (int i = 0; i < texts.size(); i++) {
        out.println(
            json
                ? json(classifier, texts.get(i), found.get(i))
                : line(classifier, found.get(i), separator));
      }
    }
    return 0;
  }

  private String line(Classifier classifier, Classification found, String separator) {
    var line = new StringBuilder(String.join(separator, found.labels()));
    if (probabilities) {
      ClassificationReport.sorted(classifier.labels(), found.probabilities())
          .forEach(
              (label, probability) ->
                  line.append(String.format(Locale.ROOT, "\t%s=%.4f", label, probability)));
    }
    return line.toString();
  }

  private String json(Classifier classifier, String text, Classification found)
      throws JsonProcessingException {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("text", text);
    if (classifier.several()) {
      fields.put("labels", found.labels());
    } else {
      fields.put("label", found.labels().getFirst());
    }
    fields.put(
        "probabilities", ClassificationReport.sorted(classifier.labels(), found.probabilities()));
    return JSON.writeValueAsString(fields);
  }
}
