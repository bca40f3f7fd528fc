package dev.unroll.cli;

import dev.unroll.kernel.Kernels;
import dev.unroll.model.InputException;
import dev.unroll.model.LanguageNetwork;
import dev.unroll.model.Network;
import dev.unroll.task.LanguageModel;
import dev.unroll.task.LanguageModelTraining;
import dev.unroll.text.Corpus;
import dev.unroll.text.Lines;
import dev.unroll.train.Training;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
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

/** {@code unroll train}: text in, model file out. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Trains a language model on text and writes it to one file.",
    footer = {
      "",
      "Examples:",
      "  unroll train shakespeare.txt --unit characters -o shakespeare.safetensors",
      "  unroll train names.txt --unit characters --reading sentences -o names.safetensors",
      "  unroll train ptb.train.txt --unit tokens --min-count 1 --reading stream \\",
      "      --valid ptb.valid.txt --units 200,200 --dropout 0.2 -o ptb.safetensors",
      "The output always holds the best model so far; whatever stops the run, it is whole.",
    })
final class TrainCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Text in UTF-8: files (.gz too), folders, or - for standard input.")
  List<Path> files = List.of();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "MODEL",
      required = true,
      description = "The model file to write, a .safetensors file.")
  Path out = Path.of("model.safetensors");

  @Option(
      names = "--valid",
      paramLabel = "FILE",
      description =
          "Text that chooses the best model (repeatable). Default: the corpus' last part.")
  List<Path> valid = List.of();

  @Option(
      names = "--valid-share",
      paramLabel = "X",
      description = "Share of the corpus for validation, without --valid. Default: 0.05.")
  @Nullable Double validShare;

  @Option(
      names = "--metrics",
      paramLabel = "FILE",
      description = "Write each step and validation to a file, a JSON object a line.")
  @Nullable Path metrics;

  @Mixin TextOptions text = new TextOptions();
  @Mixin NetworkOptions network = new NetworkOptions();
  @Mixin TrainingOptions training = new TrainingOptions();
  @Mixin ThreadOption threads = new ThreadOption();

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Network description = network.network();
    Training options = training.training(text.reading(), threads.count());
    checkPlaces();
    Corpus corpus = Corpus.read(files, text.corpus());
    LanguageModelTraining run = run(corpus, description, options).keepingBestAt(out);
    introduce(err, run);
    try (var progress = new Progress(err, Progress.onTerminal(), System::nanoTime)) {
      LanguageModel model = train(run, progress);
      err.println(
          String.format(
              Locale.ROOT,
              "%s: validation perplexity %.2f; trained in %s at %,.0f tokens/s%s",
              out,
              Math.exp(model.validationLoss()),
              Progress.clockTime(progress.seconds()),
              progress.tokensPerSecond(),
              PeakMemory.text()));
    }
    err.println("Next:  unroll sample " + out + "   or   unroll eval " + out + " FILE");
    return 0;
  }

  private void checkPlaces() {
    var inputs = new ArrayList<Path>(Lines.files(files));
    inputs.addAll(valid);
    OutputFile.check(out, inputs);
    Path file = metrics;
    if (file != null) {
      inputs.add(out);
      OutputFile.checkPlace(file, inputs);
    }
    if (inputs.stream().filter(input -> input.toString().equals("-")).count() > 1) {
      throw new InputException(
          "standard input is named twice", "It can be read once: name - once.");
    }
    if (!valid.isEmpty() && validShare != null) {
      throw new InputException(
          "--valid-share cannot be combined with --valid", "Leave one or the other out.");
    }
  }

  private LanguageModelTraining run(Corpus corpus, Network description, Training options) {
    if (valid.isEmpty()) {
      return LanguageModelTraining.of(
          corpus, validShare == null ? 0.05 : validShare, description, options);
    }
    Corpus validation = Corpus.read(valid, corpus.tokenizer(), text.keepsBlankLines());
    return new LanguageModelTraining(corpus, validation, description, options, null);
  }

  private LanguageModel train(LanguageModelTraining run, Progress progress) {
    Path file = metrics;
    if (file == null) {
      return run.run(progress);
    }
    try (var writer = new MetricsFile(file, progress)) {
      return run.run(writer);
    }
  }

  private void introduce(PrintWriter err, LanguageModelTraining run) {
    int vocabulary = run.training().tokenizer().size();
    err.println(
        "%,d tokens to train on, %,d to validate on, vocabulary %,d (%s)"
            .formatted(run.training().size(), run.validation().size(), vocabulary, text.unit));
    err.println(
        "%,d parameters; %d threads; %s"
            .formatted(
                new LanguageNetwork(run.network(), vocabulary).size(),
                run.options().threads(),
                Kernels.description()));
  }
}
