package dev.unroll.cli.lm;

import dev.unroll.LanguageModelTrainer;
import dev.unroll.Unroll;
import dev.unroll.base.InputException;
import dev.unroll.cli.command.TrainCommand;
import dev.unroll.cli.option.FolderOption;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.cli.option.KeptOptions;
import dev.unroll.cli.option.NetworkOptions;
import dev.unroll.cli.option.TextOptions;
import dev.unroll.cli.report.Figures;
import dev.unroll.cli.report.Progress;
import dev.unroll.data.Provenance;
import dev.unroll.data.Reading;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.Network;
import dev.unroll.result.Overview;
import dev.unroll.task.Defaults;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.task.lm.LanguageModelRun;
import dev.unroll.text.Corpus;
import dev.unroll.text.MappedCorpus;
import dev.unroll.text.Passages;
import dev.unroll.text.TokenOptions;
import dev.unroll.text.table.TextTable;
import dev.unroll.train.Training;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll lm train}: text in, model file out. */
@Command(
    name = "train",
    description = "Trains a language model on text and writes it to one file.",
    footer = {
      "",
      "Examples:",
      "  unroll lm train shakespeare.txt --unit characters -o shakespeare.safetensors",
      "  unroll lm train names.txt --unit characters --reading sentences -o names.safetensors",
      "  unroll lm train names.tsv --given-column language --unit characters -o names.safetensors",
      "  unroll lm train ptb.train.txt --unit tokens --min-count 1 --reading stream \\",
      "      --valid ptb.valid.txt --units 200,200 --dropout 0.2 -o ptb.safetensors",
      "The output always holds the best model so far. Whatever stops the run, the file is complete, and",
      "the same command with --resume continues.",
    })
final class LmTrainCommand
    extends TrainCommand<
        LanguageModelFields, LanguageModelRun, LanguageModel, LanguageModelTrainer> {

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Text: files (.gz too), folders, or - for standard input.")
  List<Path> files = List.of();

  @Option(
      names = "--ids",
      paramLabel = "FILE",
      description =
          "Keep the corpus as ids in a memory-mapped file, for a corpus larger than memory."
              + " The file is created once and reused. Default: for texts larger than a sixteenth"
              + " of the heap, the model's name followed by .ids.")
  @Nullable Path ids;

  @KeptInModel
  @Option(
      names = "--no-ngrams",
      description =
          "Do not add n-grams to the trained network. Default: they are added if they make"
              + " the validation text clearly likelier; for up to 300,000 tokens, not with"
              + " --given-column.")
  boolean noNgrams;

  @Mixin GivenColumns table = new GivenColumns();
  @Mixin TextOptions text = new TextOptions();
  @Mixin HeadOptions head = new HeadOptions();
  @Mixin StreamOptions stream = new StreamOptions();
  @Mixin FolderOption folders = new FolderOption();

  @Override
  protected Defaults defaults() {
    return LanguageModelRun.DEFAULTS;
  }

  @Override
  protected List<Path> files() {
    return files;
  }

  @Override
  protected List<Path> inputs() {
    return folders.files(files);
  }

  @Override
  protected @Nullable Path furtherOutput() {
    return idFile();
  }

  @Override
  public Progress.Targets targets() {
    return Progress.Targets.TOKENS;
  }

  @Override
  protected Training options() {
    Reading asked = reading();
    Training options = stream.of(super.options(), asked == null ? Reading.STREAM : asked);
    return running.findsRate() ? options.withRandomSteps(false) : options; // equal steps compare
  }

  @Override
  protected String reached(LanguageModelRun run, Provenance model) {
    String figure = String.format(Locale.ROOT, "perplexity %.2f", Math.exp(model.validationLoss()));
    figure += model.json().containsKey("ngrams") ? " with n-grams" : "";
    return run.overview().isMostlyUnknown() ? figure + ", most of it <UNK>" : figure;
  }

  @Override
  protected Figures figures(LanguageModelRun run) {
    return new Figures("perplexity", Math::exp);
  }

  @Override
  protected List<String> next(LanguageModelRun run, Path model) {
    var condition = run.fields().network().condition();
    String sample = "unroll lm sample " + model;
    String eval = "   or   unroll lm eval " + model + " FILE";
    if (run.fields().backward()) {
      return List.of("unroll lm fill FORWARD LEFT RIGHT --with " + model + eval);
    }
    if (condition == null) {
      return List.of(sample + eval);
    }
    String example =
        condition.labels().isEmpty()
            ? String.join(",", Collections.nCopies(condition.inputs(), "0"))
            : condition.labels().getFirst();
    return List.of(
        sample
            + " --given "
            + KeptOptions.quoted(List.of(example))
            + eval
            + " --given-column "
            + KeptOptions.quoted(List.of("" + table.table.column)));
  }

  /** Returns how the text is read, or null where that is found from it. */
  private @Nullable Reading reading() {
    LanguageModel model = parent();
    if (text.asksForReading()) {
      return text.reading();
    }
    if (model != null) {
      return model.reading();
    }
    return table.used() ? Reading.SENTENCES : null;
  }

  /** A model that is trained further reads passages as before, by default. */
  private Passages passages() {
    LanguageModel model = parent();
    if (model == null || text.asksForReading()) {
      return text.passages();
    }
    String kept = model.provenance().text(Passages.KEPT);
    return kept.isEmpty() ? Passages.LINES : Passages.of(kept);
  }

  @Override
  protected LanguageModel open(Path model) {
    return LanguageModel.open(model);
  }

  @Override
  protected LanguageModelTrainer trainer() {
    return Unroll.languageModel();
  }

  @Override
  protected Map<String, Object> shape(LanguageModel model) {
    Network own = model.network().description();
    Map<String, Object> shape = NetworkOptions.shape(own, true);
    HeadOptions.describe(own, shape);
    GivenColumns.describe(model.network().condition(), shape);
    shape.put("--backward", model.isBackward());
    TextOptions.describe(model.tokenizer(), shape);
    return shape;
  }

  @Override
  protected void shape(LanguageModelTrainer trainer) {
    trainer.network(usual -> head.of(network.asked(usual)));
    table.shape(trainer);
  }

  @Override
  protected void data(LanguageModelTrainer trainer) {
    trainer.tokens(tokens());
    if (stream.backward) {
      trainer.backward();
    }
    if (noNgrams) {
      trainer.withoutNgrams();
    }
    if (head.isPlain()) {
      trainer.withoutAdaptiveSoftmax();
    }
    Reading asked = reading();
    if (asked == Reading.STREAM) {
      trainer.stream();
    } else if (asked != null) {
      trainer.sentences();
    }
    if (table.used()) {
      if (passages() != Passages.LINES) {
        throw new InputException(
            "--reading paragraphs and --split-sentences cannot be combined with --given-column",
            "Leave one or the other out: each row is a text.");
      }
      if (ids != null) {
        throw new InputException("--ids cannot be combined with --given-column", "Leave it out.");
      }
      trainer
          .table(table.table.table(), files.toArray(Path[]::new))
          .validation(running.valid().toArray(Path[]::new));
    } else {
      readText(trainer);
      trainer.validation(folders.files(running.valid()).toArray(Path[]::new));
    }
  }

  private TokenOptions tokens() {
    LanguageModel model = parent();
    return text.tokens(model == null ? null : model.tokenizer());
  }

  /** Reads the corpus into memory or, where it is asked for or large, into a file of ids. */
  private void readText(LanguageModelTrainer trainer) {
    Path file = idFile();
    if (passages() != Passages.LINES) {
      trainer.passages(passages(), inputs().toArray(Path[]::new));
      return;
    }
    if (file == null && running.findsRate() && isLarge()) {
      throw new InputException(
          "the corpus is too large to be held in memory",
          "Add --ids FILE, which holds it instead.");
    }
    if (file == null) {
      trainer.lines(inputs().toArray(Path[]::new));
      return;
    }
    FileTime before = timeOf(file);
    MappedCorpus corpus = MappedCorpus.open(inputs(), idOptions(trainer), file);
    notes()
        .println(
            "%s: the corpus as %,d ids, %s"
                .formatted(
                    file,
                    corpus.size(),
                    before != null && before.equals(timeOf(file))
                        ? "made before"
                        : "used again next time"));
    trainer.corpus(corpus);
  }

  /** Ids of a model that is trained further are those of its vocabulary, and of new tokens. */
  private Corpus.Options idOptions(LanguageModelTrainer trainer) {
    LanguageModel model = parent();
    if (model == null) {
      return trainer.form(inputs());
    }
    return tokens().corpus(model.reading()).extending(model.tokenizer());
  }

  /** Returns the file of ids that is asked for or, of a large corpus, that stands by the model. */
  private @Nullable Path idFile() {
    Path model = running.out();
    if (ids != null && passages() != Passages.LINES) {
      throw new InputException(
          "--ids needs a text whose lines are its sentences",
          "Leave it out, or --reading paragraphs and --split-sentences.");
    }
    if (passages() != Passages.LINES || running.dryRun()) {
      return null; // ids stand for lines, and a dry run writes nothing
    }
    if (ids != null || model == null || table.used() || !isLarge()) {
      return ids;
    }
    return model.resolveSibling(model.getFileName() + ".ids");
  }

  private static @Nullable FileTime timeOf(Path file) {
    try {
      return Files.exists(file) ? Files.getLastModifiedTime(file) : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Lines that look wrapped are not sentences, and those of a table not text. */
  @Override
  protected Overview overview(LanguageModelRun run) {
    if (table.used()) {
      return run.overview();
    }
    boolean lines = passages() == Passages.LINES;
    return TextTable.noteLines(
        run.overview(), inputs(), lines && run.options().reading() == Reading.SENTENCES);
  }

  /** Whether the corpus would take much of the heap: four bytes a character, at most. */
  private boolean isLarge() {
    long bytes = 0;
    for (Path file : inputs()) {
      bytes += file.toFile().length(); // 0 for standard input
    }
    return bytes > Runtime.getRuntime().maxMemory() / 16; // a quarter as ids
  }
}
