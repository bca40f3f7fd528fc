package dev.unroll.cli.transduce;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.command.PairPredictCommand;
import dev.unroll.cli.report.Form;
import dev.unroll.model.Transducer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll transduce predict}: what sources become. */
@Command(
    name = "predict",
    description = "Prints the target of each source, one per line, in input order.",
    footer = {
      "",
      "A source is a line, or in .tsv and .csv files the field of its column; other columns are ignored.",
      "Example:  echo 'unroll' | unroll transduce predict sounds.safetensors -",
    })
final class TransducePredictCommand
    extends PairPredictCommand<List<Transducer>, Transducer.Output> {

  @Mixin DecodingOptions decoding = new DecodingOptions();

  @Option(
      names = "--weights-of-attention",
      description =
          "Print the attention weight of each source token for each target token, with --json.")
  boolean attention;

  @Override
  protected void check() {
    if (attention && json.form() != Form.JSON) {
      throw new InputException(
          "--weights-of-attention does nothing without --json", "Add --json, or leave it out.");
    }
    super.check();
  }

  @Override
  protected int beam() {
    return decoding.beam;
  }

  @Override
  protected List<Transducer> open() {
    return decoding.models(given.model());
  }

  @Override
  protected void read(List<Transducer> models, Consumer<String> reader) {
    columns.table(models.getFirst().provenance()).sources(given.files(), text -> {}, reader);
  }

  @Override
  protected List<List<Transducer.Output>> answer(
      List<Transducer> models, List<String> sources, Workers workers) {
    return Transducer.transduce(models, sources, decoding.decoding(attention), workers);
  }

  @Override
  protected String text(Transducer.Output output) {
    return output.text();
  }

  @Override
  protected String scored(Transducer.Output output) {
    return String.format(
        Locale.ROOT, "%.4f\t%.4f\t%s", output.score(), output.logProbability(), output.text());
  }

  @Override
  protected void add(Map<String, Object> fields, List<Transducer> models, String source) {
    if (attention) {
      fields.put("sourceTokens", models.getFirst().sourceTokens(source));
    }
  }

  @Override
  protected Object fields(Transducer.Output output) {
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
