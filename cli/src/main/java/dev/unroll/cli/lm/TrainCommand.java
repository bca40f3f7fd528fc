package dev.unroll.cli.lm;

import dev.unroll.cli.option.CheckpointOptions;
import dev.unroll.cli.option.KeptOptions;
import dev.unroll.cli.option.NetworkOptions;
import dev.unroll.cli.option.Repeatable;
import dev.unroll.cli.option.RunOptions;
import dev.unroll.cli.option.TextOptions;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.option.TrainingOptions;
import dev.unroll.cli.report.PeakMemory;
import dev.unroll.cli.report.Progress;
import dev.unroll.data.ConditionedStream;
import dev.unroll.data.IdStream;
import dev.unroll.data.Reading;
import dev.unroll.file.InputException;
import dev.unroll.network.Network;
import dev.unroll.task.RunOutput;
import dev.unroll.task.lm.LanguageLearner;
import dev.unroll.task.lm.LanguageModel;
import dev.unroll.task.lm.LanguageModelRun;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.text.Corpus;
import dev.unroll.text.Lines;
import dev.unroll.text.MappedCorpus;
import dev.unroll.train.Checkpoints;
import dev.unroll.train.Training;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unroll lm train}: text in, model file out. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Trains a language model on text and writes it to one file.",
    footer = {
      "",
      "Examples:",
      "  unroll lm train shakespeare.txt --unit characters -o shakespeare.safetensors",
      "  unroll lm train names.txt --unit characters --reading sentences -o names.safetensors",
      "  unroll lm train names.tsv --given-column language --unit characters -o names.safetensors",
      "  unroll lm train ptb.train.txt --unit tokens --min-count 1 --reading stream \\",
      "      --valid ptb.valid.txt --units 200,200 --dropout 0.2 -o ptb.safetensors",
      "The output always holds the best model so far; whatever stops the run, it is whole, and the same",
      "command with --resume goes on.",
    })
public final class TrainCommand implements Callable<Integer>, Repeatable {

  /** Adam's rate where none is asked for, which serves Brown and Tiny Shakespeare alike. */
  private static final double RATE = 0.005;

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Text in UTF-8: files (.gz too), folders, or - for standard input.")
  List<Path> files = List.of();

  @Option(
      names = "--ids",
      paramLabel = "FILE",
      description =
          "Keep the corpus as ids in a file that is mapped into memory, made once and used again: for a"
              + " corpus larger than memory. Default: for files of more than an eighth of the heap, the"
              + " model's name with .ids behind it.")
  @Nullable Path ids;

  @Mixin GivenColumns given = new GivenColumns();
  @Mixin RunOptions running = new RunOptions();
  @Mixin TextOptions text = new TextOptions();
  @Mixin NetworkOptions network = new NetworkOptions();
  @Mixin HeadOptions head = new HeadOptions();
  @Mixin TrainingOptions training = new TrainingOptions();
  @Mixin StreamOptions stream = new StreamOptions();
  @Mixin CheckpointOptions keeping = new CheckpointOptions();
  @Mixin ThreadOption threads = new ThreadOption();

  @Override
  public Integer call() {
    Training options = options();
    if (running.findRate) {
      return findRate(options);
    }
    Path model = running.model();
    running.checkPlaces(Lines.files(files), ids);
    running.checkInputs(files);
    try (Checkpoints checkpoints = keeping.open(model)) {
      var command = KeptOptions.of(spec.commandLine().getParseResult());
      var output = new RunOutput(command, !running.valid.isEmpty(), model, checkpoints);
      LanguageModelRun run = run(options).withOutput(output);
      if (keeping.hasEnded(run, model, checkpoints, spec.commandLine().getErr())) {
        return 0;
      }
      train(run, model);
    }
    return 0;
  }

  private Training options() {
    Reading reading = given.used() && text.reading == null ? Reading.SENTENCES : text.reading();
    return stream.of(training.training(threads.count(), RATE), reading);
  }

  private void train(LanguageModelRun run, Path file) {
    PrintWriter err = spec.commandLine().getErr();
    introduce(err, run);
    try (var progress = new Progress(err, Progress.Targets.TOKENS)) {
      var model = new LanguageModel(running.watch(progress, run::run, spec));
      err.println(
          String.format(
              Locale.ROOT,
              "%s: validation perplexity %.2f; trained in %s at %,.0f tokens/s%s",
              file,
              Math.exp(model.provenance().validationLoss()),
              Progress.clockTime(progress.seconds()),
              progress.targetsPerSecond(),
              PeakMemory.text()));
    }
    err.println("Next:  " + next(run, file));
  }

  private String next(LanguageModelRun run, Path file) {
    var condition = run.fields().network().condition();
    String sample = "unroll lm sample " + file;
    String eval = "   or   unroll lm eval " + file + " FILE";
    if (condition == null) {
      return sample + eval;
    }
    String example =
        condition.labels().isEmpty()
            ? String.join(",", Collections.nCopies(condition.inputs(), "0"))
            : condition.labels().getFirst();
    return sample
        + " --given "
        + KeptOptions.quoted(List.of(example))
        + eval
        + " --given-column "
        + KeptOptions.quoted(List.of("" + given.table.column));
  }

  private int findRate(Training options) {
    running.checkPlaces(Lines.files(files), ids);
    KeptOptions.checkSearch(spec.commandLine().getParseResult());
    running.checkInputs(files);
    if (ids == null && isLarge()) {
      throw new InputException(
          "the corpus is too large to be held in memory",
          "Add --ids FILE, which holds it instead.");
    }
    LanguageModelRun run = run(options);
    introduce(spec.commandLine().getErr(), run);
    LanguageNetwork network = run.fields().network();
    Training equal = options.withRandomSteps(false);
    var learner = new LanguageLearner(network, run.training(), run.validation(), equal);
    running.search(learner, equal, Progress.Targets.TOKENS, spec);
    return 0;
  }

  /** Reads the texts, and returns what is to be trained on them. */
  private LanguageModelRun run(Training options) {
    Network description = head.of(network.network(0, true));
    if (given.used()) {
      return given(options, description);
    }
    IdStream corpus = corpus();
    if (running.valid.isEmpty()) {
      return LanguageModelRun.of(corpus, running.share(0.05), description, options);
    }
    Corpus validation = Corpus.read(running.valid, corpus.tokenizer(), text.keepsBlankLines());
    return new LanguageModelRun(corpus, validation, description, options);
  }

  /** Reads tables of texts and what they were written for. */
  private LanguageModelRun given(Training options, Network description) {
    if (ids != null) {
      throw new InputException("--ids cannot be combined with --given-column", "Leave it out.");
    }
    ConditionedStream all = given.read(files, text.corpus(), options.seed());
    return running.valid.isEmpty()
        ? LanguageModelRun.of(all, running.share(0.05), description, options)
        : new LanguageModelRun(
            all,
            given.table.read(running.valid, all.tokenizer(), all.condition()),
            description,
            options);
  }

  /** Reads the corpus into memory or, where it is asked for or large, into a file of ids. */
  private IdStream corpus() {
    Path file = ids;
    Path model = running.out;
    if (file == null && model != null && isLarge()) {
      file = model.resolveSibling(model.getFileName() + ".ids");
    }
    if (file == null) {
      return Corpus.read(files, text.corpus());
    }
    FileTime before = timeOf(file);
    MappedCorpus corpus = MappedCorpus.open(files, text.corpus(), file);
    spec.commandLine()
        .getErr()
        .println(
            "%s: the corpus as %,d ids, %s"
                .formatted(
                    file,
                    corpus.size(),
                    before != null && before.equals(timeOf(file))
                        ? "made before"
                        : "used again next time"));
    return corpus;
  }

  private static @Nullable FileTime timeOf(Path file) {
    try {
      return Files.exists(file) ? Files.getLastModifiedTime(file) : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Whether the corpus would take much of the heap: four bytes a character, at most. */
  private boolean isLarge() {
    long bytes = 0;
    for (Path file : Lines.files(files)) {
      bytes += file.toFile().length(); // 0 for standard input
    }
    return bytes > Runtime.getRuntime().maxMemory() / 8;
  }

  @Override
  public LanguageModelRun again() {
    return run(options());
  }

  private void introduce(PrintWriter err, LanguageModelRun run) {
    int vocabulary = run.training().tokenizer().size();
    err.println(
        "%,d tokens to train on, %,d to validate on, vocabulary %,d (%s)"
            .formatted(run.training().size(), run.validation().size(), vocabulary, text.unit));
    err.println(
        "%,d parameters; %s".formatted(run.size(), ThreadOption.kernels(run.options().threads())));
  }
}
