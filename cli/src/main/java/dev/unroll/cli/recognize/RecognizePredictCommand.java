package dev.unroll.cli.recognize;

import dev.unroll.base.Workers;
import dev.unroll.cli.command.PairPredictCommand;
import dev.unroll.model.Recognizer;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code unroll recognize predict}: the labels of sequences. */
@Command(
    name = "predict",
    description = "Prints the labels of each sequence, one line per sequence, in input order.",
    footer = {
      "",
      "A source is a line, or in .tsv and .csv files the field of its column; other columns are ignored.",
      "Example:  unroll recognize predict morse.safetensors heard.tsv",
    })
final class RecognizePredictCommand
    extends PairPredictCommand<RecognizePredictCommand.Opened, Recognizer.Output> {

  @Mixin RecognitionOptions search = new RecognitionOptions();

  /** A recognizer, and how it looks for labels. */
  record Opened(Recognizer recognizer, Recognizer.Search search) {}

  @Override
  protected int beam() {
    return search.beam;
  }

  @Override
  protected Opened open() {
    return new Opened(Recognizer.open(given.model()), search.search());
  }

  @Override
  protected void read(Opened model, Consumer<String> reader) {
    columns
        .table(model.recognizer.provenance())
        .sources(
            given.files(),
            source -> {
              if (!isEmpty(source)) {
                model.recognizer.source().check(source);
              }
            },
            reader);
  }

  @Override
  protected Object trained(Opened model) {
    return model.recognizer;
  }

  @Override
  protected boolean isEmpty(String source) {
    return source.isBlank();
  }

  @Override
  protected List<Recognizer.Output> nothing() {
    return List.of();
  }

  @Override
  protected List<List<Recognizer.Output>> answer(
      Opened model, List<String> sources, Workers workers) {
    return model.recognizer.recognize(sources, model.search, workers);
  }

  @Override
  protected String text(Recognizer.Output output) {
    return output.text();
  }

  @Override
  protected String scored(Recognizer.Output output) {
    return String.format(Locale.ROOT, "%.4f\t%s", output.score(), output.text());
  }

  @Override
  protected Object fields(Recognizer.Output output) {
    return output;
  }
}
