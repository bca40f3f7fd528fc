package dev.unroll.cli.transduce;

import dev.unroll.cli.option.PairColumns;
import dev.unroll.cli.option.TaskOptions;
import dev.unroll.cli.report.Blocks;
import dev.unroll.cli.report.JsonLine;
import dev.unroll.file.InputException;
import dev.unroll.kernel.Workers;
import dev.unroll.task.transduce.Transducer;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unroll transduce predict}: what sources become. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Prints what each source becomes, a line each, in their order.",
    footer = {
      "",
      "A source is a line, or in .tsv and .csv files the field of its column; other columns are not read.",
      "Example:  echo 'unroll' | unroll transduce predict sounds.safetensors -",
    })
public final class TransducePredictCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin TaskOptions given = new TaskOptions();
  @Mixin PairColumns columns = new PairColumns();
  @Mixin DecodingOptions decoding = new DecodingOptions();

  @Option(
      names = "--nbest",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Print the N best of each source (of as many as the beam), a line each: number of the source, from 1,"
              + " score, log-probability in nats and target, between tabs.")
  int nbest;

  @Option(
      names = "--weights-of-attention",
      description =
          "With --json: of each token of the target, how much each token of the source counted.")
  boolean attention;

  private long number;

  @Override
  public Integer call() {
    if (attention && !given.json) {
      throw new InputException(
          "--weights-of-attention does nothing without --json", "Add --json, or leave it out.");
    }
    if (nbest < 0 || nbest > decoding.beam) {
      throw new InputException(
          "--nbest is %d, but the beam %d".formatted(nbest, decoding.beam),
          "Make --beam as large, or ask for fewer.");
    }
    List<Transducer> models = decoding.models(given.model);
    try (Workers workers = given.threads.workers();
        var blocks = new Blocks<String>(given.files, texts -> answer(models, texts, workers))) {
      columns.table(models.getFirst().provenance()).sources(given.files, text -> {}, blocks);
    }
    return 0;
  }

  private void answer(List<Transducer> models, List<String> texts, Workers workers) {
    PrintWriter out = spec.commandLine().getOut();
    var found = Transducer.transduce(models, texts, decoding.decoding(attention), workers);
    for (int i = 0; i < texts.size(); i++) {
      number++;
      List<Transducer.Output> outputs = found.get(i);
      if (given.json) {
        out.println(json(models.getFirst(), texts.get(i), outputs));
      } else if (nbest == 0) {
        out.println(outputs.isEmpty() ? "" : outputs.getFirst().text());
      } else {
        outputs.stream().limit(nbest).forEach(each -> out.println(line(each)));
      }
    }
  }

  private String line(Transducer.Output output) {
    return String.format(
        Locale.ROOT,
        "%d\t%.4f\t%.4f\t%s",
        number,
        output.score(),
        output.logProbability(),
        output.text());
  }

  private String json(Transducer transducer, String source, List<Transducer.Output> outputs) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("source", source);
    var list = new ArrayList<Object>();
    outputs.stream().limit(Math.max(1, nbest)).forEach(each -> list.add(fieldsOf(each)));
    if (attention) {
      fields.put("sourceTokens", transducer.sourceTokens(source));
    }
    fields.put("targets", list);
    return JsonLine.of(fields);
  }

  private Object fieldsOf(Transducer.Output output) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("text", output.text());
    fields.put("score", output.score());
    fields.put("logProbability", output.logProbability());
    if (attention) {
      fields.put("tokens", output.tokens());
      fields.put("attention", output.attention());
    }
    return fields;
  }
}
