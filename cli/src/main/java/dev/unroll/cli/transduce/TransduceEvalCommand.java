package dev.unroll.cli.transduce;

import dev.unroll.cli.option.PairColumns;
import dev.unroll.cli.option.TaskOptions;
import dev.unroll.cli.report.JsonLine;
import dev.unroll.data.Pair;
import dev.unroll.data.Tokenizer;
import dev.unroll.kernel.Workers;
import dev.unroll.measure.ErrorRates;
import dev.unroll.task.transduce.Transducer;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unroll transduce eval}: how well targets are written. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Writes the target of each source and measures it: exact match, errors a token and a character, BLEU, chrF.",
    footer = {
      "",
      "Where a source has several targets, the nearest one counts. Error rates are edits in all of the",
      "file, as a share of the tokens or characters wanted. BLEU and chrF are those of sacreBLEU (13a,",
      "mixed case; chrF2).",
      "Example:  unroll transduce eval sounds.safetensors valid.tsv",
    })
public final class TransduceEvalCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin TaskOptions given = new TaskOptions();
  @Mixin PairColumns columns = new PairColumns();
  @Mixin DecodingOptions decoding = new DecodingOptions();

  @Option(
      names = "--show",
      paramLabel = "N",
      defaultValue = "0",
      description = "Print the first N sources that went wrong, with what was written and wanted.")
  int show;

  @Override
  public Integer call() {
    List<Transducer> models = decoding.models(given.model);
    Transducer transducer = models.getFirst();
    List<Pair> pairs = columns.table(transducer.provenance()).read(given.files);
    Map<String, Set<String>> references = Transducer.references(pairs);
    var sources = List.copyOf(references.keySet());
    var found = new ArrayList<String>();
    double crossEntropy;
    try (Workers workers = given.threads.workers()) {
      crossEntropy = Transducer.crossEntropy(models, pairs, workers);
      for (var outputs : Transducer.transduce(models, sources, decoding.decoding(false), workers)) {
        found.add(outputs.isEmpty() ? "" : outputs.getFirst().text());
      }
    }
    var wanted = references.values().stream().<List<String>>map(List::copyOf).toList();
    var errors = ErrorRates.of(found, wanted, transducer.target()::cut);
    var report = TransductionReport.of(pairs.size(), found, wanted, errors, crossEntropy);
    PrintWriter out = spec.commandLine().getOut();
    if (given.json) {
      JsonLine.print(out, report.fields());
    } else {
      report.print(out);
    }
    showWrong(sources, found, wanted, transducer.target());
    return 0;
  }

  private void showWrong(
      List<String> sources, List<String> found, List<List<String>> wanted, Tokenizer tokenizer) {
    PrintWriter out = spec.commandLine().getOut();
    int shown = 0;
    for (int i = 0; i < found.size() && shown < show; i++) {
      if (ErrorRates.nearest(found.get(i), wanted.get(i), tokenizer::cut).tokens() > 0) {
        out.println(sources.get(i));
        out.println("  written  " + found.get(i));
        wanted.get(i).forEach(each -> out.println("  wanted   " + each));
        shown++;
      }
    }
  }
}
