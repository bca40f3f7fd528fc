package dev.unroll.cli.recognize;

import dev.unroll.cli.option.PairColumns;
import dev.unroll.cli.option.TaskOptions;
import dev.unroll.cli.report.Blocks;
import dev.unroll.cli.report.JsonLine;
import dev.unroll.file.InputException;
import dev.unroll.kernel.Workers;
import dev.unroll.task.recognize.Recognizer;
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

/** {@code unroll recognize predict}: the labels of sequences. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Prints the labels of each sequence, a line each, in their order.",
    footer = {
      "",
      "A source is a line, or in .tsv and .csv files the field of its column; other columns are not read.",
      "Example:  unroll recognize predict morse.safetensors heard.tsv",
    })
public final class RecognizePredictCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin TaskOptions given = new TaskOptions();
  @Mixin PairColumns columns = new PairColumns();
  @Mixin RecognitionOptions search = new RecognitionOptions();

  @Option(
      names = "--nbest",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Print the N best of each source (of as many as the beam), a line each: number of the source, from 1,"
              + " score in nats and labels, between tabs.")
  int nbest;

  private long number;

  @Override
  public Integer call() {
    if (nbest < 0 || nbest > search.beam) {
      throw new InputException(
          "--nbest is %d, but the beam %d".formatted(nbest, search.beam),
          "Make --beam as large, or ask for fewer.");
    }
    Recognizer recognizer = Recognizer.open(given.model);
    Recognizer.Search how = search.search();
    try (Workers workers = given.threads.workers();
        var blocks =
            new Blocks<String>(given.files, texts -> answer(recognizer, texts, how, workers))) {
      columns
          .table(recognizer.provenance())
          .sources(given.files, recognizer.source()::check, blocks);
    }
    return 0;
  }

  private void answer(
      Recognizer recognizer, List<String> texts, Recognizer.Search how, Workers workers) {
    PrintWriter out = spec.commandLine().getOut();
    var found = recognizer.recognize(texts, how, workers);
    for (int i = 0; i < texts.size(); i++) {
      number++;
      List<Recognizer.Output> outputs = found.get(i);
      if (given.json) {
        out.println(json(texts.get(i), outputs));
      } else if (nbest == 0) {
        out.println(outputs.getFirst().text());
      } else {
        outputs.stream().limit(nbest).forEach(each -> out.println(line(each)));
      }
    }
  }

  private String line(Recognizer.Output output) {
    return String.format(Locale.ROOT, "%d\t%.4f\t%s", number, output.score(), output.text());
  }

  private String json(String source, List<Recognizer.Output> outputs) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("source", source);
    fields.put("targets", outputs.stream().limit(Math.max(1, nbest)).toList());
    return JsonLine.of(fields);
  }
}
