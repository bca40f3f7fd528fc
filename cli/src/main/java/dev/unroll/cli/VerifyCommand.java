package dev.unroll.cli;

import dev.unroll.model.InputException;
import dev.unroll.nn.Slice;
import dev.unroll.task.LanguageModel;
import dev.unroll.task.LanguageModelTraining;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unroll verify}: trains a model again and compares. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Trains a model again on its text, with its options, and compares all parameters.",
    footer = {
      "",
      "Takes as long as the training did. Exit status: 0 the same bits, 1 others, 2 another text.",
      "Example:  unroll verify shakespeare.safetensors shakespeare.train.txt --valid shakespeare.valid.txt",
    })
final class VerifyCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "A model file that train has written.")
  Path model = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description = "The text that it was trained on.")
  List<Path> files = List.of();

  @Option(
      names = "--valid",
      paramLabel = "FILE",
      description = "The text that chose it (repeatable), if it was not a part of the corpus.")
  List<Path> valid = List.of();

  @Mixin ThreadOption threads = new ThreadOption();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    LanguageModel given = LanguageModel.open(model);
    LanguageModelTraining run = runOf(given);
    checkSame("training", given, run.training().fingerprint());
    checkSame("validation", given, run.validation().fingerprint());
    try (var progress = new Progress(err, Progress.onTerminal(), System::nanoTime)) {
      LanguageModel again = run.run(progress).withPrecision(given.precision());
      String difference = difference(given, again);
      out.println(
          model
              + (difference.isEmpty()
                  ? ": the same bits, trained again in "
                  : ": " + difference + "; trained again in ")
              + Progress.clockTime(progress.seconds()));
      return difference.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  /** The run that the model's own options ask for, on the files given here. */
  private LanguageModelTraining runOf(LanguageModel given) {
    List<String> command = TrainCommand.command(given);
    if (command.isEmpty()) {
      throw InputException.in(
          model,
          "no command trained it, so that there are no options to train it again",
          "Train it again from Java, with the same seed, text and options, and compare.");
    }
    if (TrainCommand.hasOwnValidation(given) == valid.isEmpty()) {
      throw InputException.in(
          model,
          valid.isEmpty()
              ? "it was chosen by a text of its own"
              : "it was chosen by a part of its corpus, not by a text of its own",
          valid.isEmpty() ? "Name that text with --valid." : "Leave --valid out.");
    }
    var arguments = new ArrayList<String>();
    files.forEach(file -> arguments.add(file.toString()));
    arguments.addAll(List.of("-o", model.toString(), "--threads", "" + threads.count()));
    valid.forEach(file -> arguments.addAll(List.of("--valid", file.toString())));
    if (given.provenance().get("command") instanceof List<?> options) {
      options.forEach(option -> arguments.add(option.toString()));
    }
    var training = new TrainCommand();
    try {
      new CommandLine(training)
          .setCaseInsensitiveEnumValuesAllowed(true)
          .setExpandAtFiles(false)
          .parseArgs(arguments.toArray(String[]::new));
    } catch (CommandLine.ParameterException e) {
      throw InputException.in(
          model,
          "it was trained with options that this version does not have: " + e.getMessage(),
          "Use version " + given.provenance().get("version") + ".");
    }
    return training.again();
  }

  private void checkSame(String part, LanguageModel given, String found) {
    Object expected = given.provenance().get(part);
    if (!found.equals(expected)) {
      throw InputException.in(
          model,
          "this is not its %s text: %s, but it was trained with %s"
              .formatted(part, found, expected),
          "Name the files that it was trained with, in the same order.");
    }
  }

  private static String difference(LanguageModel given, LanguageModel again) {
    float[] a = given.parameters();
    float[] b = again.parameters();
    long count = 0;
    double most = 0;
    String first = "";
    for (Slice slice : given.network().slices()) {
      for (int i = slice.offset(); i < slice.offset() + slice.size(); i++) {
        if (Float.floatToRawIntBits(a[i]) != Float.floatToRawIntBits(b[i])) {
          count++;
          most = Math.max(most, Math.abs((double) a[i] - b[i]));
          first = first.isEmpty() ? slice.name() : first;
        }
      }
    }
    return count == 0
        ? ""
        : "%,d of %,d parameters differ, the first in %s, by up to %s"
            .formatted(count, a.length, first, most);
  }
}
