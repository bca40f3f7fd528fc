package dev.unroll.cli.label;

import dev.unroll.TaggerTrainer;
import dev.unroll.Unroll;
import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.option.AsideOptions;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.cli.report.Progress;
import dev.unroll.data.LabeledSequence;
import dev.unroll.model.Tagger;
import dev.unroll.result.TagScheme;
import dev.unroll.store.ModelFile;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.Labels;
import dev.unroll.text.Segmentation;
import dev.unroll.text.table.TextTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll tag train}: tagged sentences in, model file out. */
@Command(
    name = "train",
    description =
        "Trains a tagger, which gives each word of a sentence a tag, and writes it to one file.",
    footer = {
      "",
      "Data: one word per line, columns separated by spaces or tabs, a blank line after each sentence",
      "(CoNLL), or CoNLL-U.",
      "Examples:",
      "  unroll tag train en_ewt-ud-train.conllu --spelling 50 -o upos.safetensors",
      "  unroll tag train esp.train.txt --valid esp.valid.txt --spelling 50 --crf -o esp.safetensors",
      "  unroll tag train chunks.txt --columns 2 --crf --scheme iobes -o chunks.safetensors",
    })
@KeptInModel
final class TagTrainCommand extends LabelTrainCommand<Tagger, TaggerTrainer> {

  @Mixin TagColumns columns = new TagColumns();
  @Mixin AsideOptions aside = new AsideOptions();

  @Option(
      names = "--columns",
      paramLabel = "COLUMN",
      split = ",",
      description = "Further input columns, such as the part of speech. Default: none.")
  List<String> further = List.of();

  @Option(
      names = "--column-width",
      paramLabel = "N",
      defaultValue = "" + TaggerTrainer.COLUMN_WIDTH,
      description =
          "Width of the vectors for the values of these columns. Default: ${DEFAULT-VALUE}.")
  int columnWidth = TaggerTrainer.COLUMN_WIDTH;

  @Option(
      names = "--crf",
      negatable = true,
      description =
          "Predict the tags of a sentence jointly (linear-chain CRF) instead of one by one."
              + " Default: if tags describe spans.")
  @Nullable Boolean crf;

  @Option(
      names = "--scheme",
      paramLabel = "NAME",
      description =
          "Train with another span scheme than that of the files: iob1, iob2, iobes or bilou."
              + " Predictions are in the scheme of the files. Default: iobes.")
  @Nullable String scheme;

  @Override
  String task() {
    return "tag";
  }

  @Override
  public Progress.Targets targets() {
    return Progress.Targets.WORDS;
  }

  @Override
  String sequences() {
    return "sentences";
  }

  @Override
  Segmentation segmentation() {
    return Segmentation.of(Segmentation.Unit.TOKENS);
  }

  @Override
  boolean leavesTokensOpen() {
    return !lexicon.saysCase();
  }

  @Override
  protected Tagger open(Path model) {
    return Tagger.open(model);
  }

  @Override
  protected TaggerTrainer trainer() {
    return Unroll.tagger();
  }

  @Override
  protected Map<String, Object> shape(Tagger model) {
    Map<String, Object> shape = super.shape(model);
    LabelSpec own = model.description();
    shape.put("--crf", own.output() instanceof LabelSpec.PerStep step && step.crf());
    shape.put("--columns", model.labelNames().columns().stream().map(Labels.Column::name).toList());
    if (!own.features().isEmpty()) {
      shape.put("--column-width", own.features().getFirst().width());
    }
    Map<String, String> source = model.labelNames().source();
    shape.put("--scheme", source.getOrDefault(Tagger.SCHEME, source.get(Tagger.FILE_SCHEME)));
    return shape;
  }

  @Override
  protected void shape(TaggerTrainer trainer) {
    super.shape(trainer);
    if (further.isEmpty() && columnWidth != TaggerTrainer.COLUMN_WIDTH) {
      throw new InputException(
          "--column-width does nothing without --columns", "Add --columns, or leave it out.");
    }
    trainer.features(columnWidth, further);
    if (crf != null) {
      trainer.crf(crf);
    }
    if (scheme != null) {
      trainer.scheme(TagScheme.of(scheme));
    }
  }

  @Override
  protected void data(TaggerTrainer trainer) {
    super.data(trainer);
    trainer
        .conll(files.toArray(Path[]::new))
        .validation(running.valid().toArray(Path[]::new))
        .notes(notes()::println);
    TextTable.Aside comments = aside.aside();
    if (comments.weight() != null) {
      trainer.weight(comments.weight());
    }
    if (comments.group() != null) {
      trainer.group(comments.group());
    }
    if (columns.words != null) {
      trainer.words(columns.words);
    }
    if (columns.tags != null) {
      trainer.tags(columns.tags);
    }
  }

  @Override
  Map<String, Double> measures(
      ModelFile<LabelFields> model,
      TaggerTrainer trainer,
      List<LabeledSequence> data,
      Workers workers) {
    return TaggingPrinter.measures(new Tagger(model).evaluate(trainer.asInFiles(data), workers));
  }
}
