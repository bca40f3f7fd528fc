package dev.unroll.cli.transduce;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.command.EvalCommand;
import dev.unroll.cli.option.ModelAndFiles;
import dev.unroll.cli.option.PairColumns;
import dev.unroll.cli.report.Form;
import dev.unroll.cli.report.Report;
import dev.unroll.data.Pair;
import dev.unroll.data.Tokenizer;
import dev.unroll.measure.TextErrors;
import dev.unroll.model.Transducer;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll transduce eval}: how well targets are written. */
@Command(
    name = "eval",
    description =
        "Evaluates an encoder-decoder: exact matches, token and character error rate, BLEU and chrF.",
    footer = {
      "",
      "If a source has several targets, the nearest one counts. Error rates are edits over the whole",
      "file, divided by the tokens or characters of the targets. BLEU and chrF are sacreBLEU's (13a,",
      "mixed case; chrF2).",
      "Example:  unroll transduce eval sounds.safetensors valid.tsv",
    })
final class TransduceEvalCommand
    extends EvalCommand<List<Transducer>, TransduceEvalCommand.Written> {

  @Mixin ModelAndFiles given = new ModelAndFiles();
  @Mixin PairColumns columns = new PairColumns();
  @Mixin DecodingOptions decoding = new DecodingOptions();

  @Option(
      names = "--show",
      paramLabel = "N",
      defaultValue = "0",
      description = "Print the first N wrong answers, with their source and the target.")
  int show;

  /** What was written of each source, what was wanted, and how good it is. */
  record Written(
      List<String> sources,
      List<String> found,
      List<List<String>> wanted,
      TransductionReport measured)
      implements Report {

    @Override
    public void print(PrintWriter out) {
      measured.print(out);
    }

    @Override
    public Map<String, Object> fields() {
      return measured.fields();
    }
  }

  @Override
  protected void check() {
    if (show < 0) {
      throw new InputException("--show is " + show, "It must be 0 or more.");
    }
    if (show > 0 && form() != Form.TEXT) {
      throw new InputException(
          "--show does nothing with --json and --output csv", "Leave one or the other out.");
    }
  }

  @Override
  protected List<Transducer> open() {
    return decoding.models(given.model());
  }

  @Override
  protected Written measure(List<Transducer> models, Workers workers) {
    Transducer transducer = models.getFirst();
    List<Pair> pairs = columns.table(transducer.provenance()).read(given.files());
    Map<String, Set<String>> references = Pair.references(pairs);
    var sources = List.copyOf(references.keySet());
    double crossEntropy = Transducer.crossEntropy(models, pairs, workers);
    var found = new ArrayList<String>();
    for (var outputs : Transducer.transduce(models, sources, decoding.decoding(false), workers)) {
      found.add(outputs.isEmpty() ? "" : outputs.getFirst().text());
    }
    var wanted = references.values().stream().<List<String>>map(List::copyOf).toList();
    var errors = TextErrors.of(found, wanted, transducer.target()::cut);
    return new Written(
        sources,
        found,
        wanted,
        TransductionReport.of(pairs.size(), found, wanted, errors, crossEntropy));
  }

  /** Shows sources that went wrong. */
  @Override
  protected void finish(List<Transducer> models, Written written, Workers workers) {
    Tokenizer tokenizer = models.getFirst().target();
    int shown = 0;
    for (int i = 0; i < written.found.size() && shown < show; i++) {
      String found = written.found.get(i);
      List<String> wanted = written.wanted.get(i);
      if (TextErrors.nearest(found, wanted, tokenizer::cut).tokens() > 0) {
        out().println(written.sources.get(i));
        out().println("  written  " + found);
        wanted.forEach(each -> out().println("  wanted   " + each));
        shown++;
      }
    }
  }
}
