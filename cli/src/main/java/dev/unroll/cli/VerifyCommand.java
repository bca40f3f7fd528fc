package dev.unroll.cli;

import dev.unroll.base.InputException;
import dev.unroll.cli.command.TrainCommand;
import dev.unroll.cli.option.KeptOptions;
import dev.unroll.cli.option.ModelFiles;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.report.Printable;
import dev.unroll.cli.report.Progress;
import dev.unroll.kernel.Slice;
import dev.unroll.learn.BitChanges;
import dev.unroll.result.Model;
import dev.unroll.store.ModelFile;
import dev.unroll.task.Run;
import dev.unroll.tasks.Tasks;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
        "Retrains a model on its data, with its options, and compares all parameters. It reads the"
            + " files that you name, never those that the model names.",
    footer = {
      "",
      "Takes as long as training did. Exit status: 0 the same bits, 1 other bits, 2 other data.",
      "Example:  unroll verify model.safetensors train.txt --valid valid.txt",
    })
final class VerifyCommand implements Callable<Integer> {

  /** What may be counted beside a network, as files call it. */
  private static final List<String> COUNTED = List.of("ngrams", "counts");

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model file written by train.")
  Path model = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description = "The data that it was trained on.")
  List<Path> files = List.of();

  @Option(
      names = "--valid",
      paramLabel = "FILE",
      description = "The validation data (repeatable), if it was not a part of the training data.")
  List<Path> valid = List.of();

  @Option(
      names = "--vectors",
      paramLabel = "FILE",
      description = "The word vectors that training started from, if any.")
  @Nullable Path vectors;

  @Option(
      names = "--holidays",
      paramLabel = "FILE",
      description = "The holidays that the model was trained with, if any.")
  @Nullable Path holidays;

  @Option(
      names = "--from",
      paramLabel = "MODEL",
      description = "The model that training started from, if any.")
  @Nullable Path from;

  @Mixin ThreadOption threads = new ThreadOption();

  @Override
  public Integer call() {
    PrintWriter out = Printable.over(spec.commandLine().getOut());
    if (ModelFiles.kind(model) != ModelFiles.Kind.NETWORK) {
      throw InputException.in(
          model,
          "is not a network, so nothing was trained",
          "Make it again, by unroll lm ngram or mix, from what unroll info tells, and compare the files.");
    }
    Model given = Tasks.open(model);
    if (!given.provenance().imported().isEmpty()) {
      throw InputException.in(
          model,
          "it was imported from %s (%s), and not trained here"
              .formatted(given.provenance().imported(), given.provenance().text("fileFingerprint")),
          "Import that file again, and compare the two models: they have the same bytes.");
    }
    if (given.provenance().unfinished()) {
      throw InputException.in(
          model,
          "its run has not ended: it is the best model so far",
          "Continue the run: its command with --resume.");
    }
    TrainCommand<?, ?, ?, ?> train =
        TaskList.find(given.task().name())
            .orElseThrow(() -> new IllegalStateException("no commands for " + given.task()))
            .train();
    parse(new CommandLine(train).setErr(spec.commandLine().getErr()), given, optionsOf(given));
    checkParent(given);
    try (var progress = new Progress(spec.commandLine().getErr(), train.targets())) {
      String difference = difference(given, again(train.again(), given, progress));
      out.println(
          model
              + (difference.isEmpty()
                  ? ": the same bits, trained again in "
                  : ": " + difference + "; trained again in ")
              + Progress.clockTime(progress.seconds()));
      return difference.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  /** Trains a model again. */
  private ModelFile<?> again(Run<?> run, Model given, Progress progress) {
    String changes = BitChanges.since(given.provenance().version());
    if (!changes.isEmpty()) { // whatever else differs, such as the part that validates, follows
      throw otherRun(given, changes);
    }
    run.inputs().forEach((part, found) -> checkSame(part, given.provenance().text(part), found));
    boolean unknown = given.provenance().command() == null;
    if (unknown && (run.size() != given.trainedSize() || run.difference(given).isPresent())) {
      throw InputException.in(
          model,
          "it was trained neither by a command nor with the usual options: "
              + (run.size() == given.trainedSize()
                  ? run.difference(given).orElseThrow()
                  : "%,d parameters now, but it has %,d"
                      .formatted(run.size(), given.trainedSize())),
          "Train it again from Java, with the same seed, data and options, and compare.");
    }
    if (run.size() != given.trainedSize()) {
      throw InputException.in(
          model,
          "its command trains %,d parameters, but it has %,d"
              .formatted(run.size(), given.trainedSize()),
          "Copy the file again: its description is not that of one training.");
    }
    run.difference(given)
        .ifPresent(
            other -> {
              throw otherRun(given, other);
            });
    return run.run(progress);
  }

  private InputException otherRun(Model given, String why) {
    return InputException.in(
        model,
        "its command means another run than in the version that it was trained with: " + why,
        "Use version " + given.provenance().version() + ".");
  }

  /** The options that the model says it was trained with, where the data are of the same parts. */
  private List<String> optionsOf(Model given) {
    List<String> options = given.provenance().command();
    checkValidation(given.provenance().hasOwnValidation());
    // A model that was trained from Java keeps no command: it had the usual options, or is refused.
    return options == null ? List.of() : options;
  }

  private void checkValidation(boolean own) {
    if (own == valid.isEmpty()) {
      throw InputException.in(
          model,
          own
              ? "it was chosen by data of its own"
              : "it was chosen by a part of its data, not by data of its own",
          own ? "Name that with --valid." : "Leave --valid out.");
    }
  }

  private void parse(CommandLine train, Model given, List<String> options) {
    var arguments = new ArrayList<>(kept(train, options));
    arguments.addAll(List.of("-o", model.toString(), "--threads", "" + threads.count()));
    valid.forEach(file -> arguments.addAll(List.of("--valid", file.toString())));
    arguments.add("--"); // a file may be called --ids
    files.forEach(file -> arguments.add(file.toString()));
    try {
      train
          .setCaseInsensitiveEnumValuesAllowed(true)
          .setExpandAtFiles(false)
          .parseArgs(arguments.toArray(String[]::new));
    } catch (CommandLine.ParameterException e) {
      throw InputException.in(
          model,
          "it was trained with options that this version does not have: " + e.getMessage(),
          "Use version " + given.provenance().version() + ".");
    }
  }

  private List<String> kept(CommandLine train, List<String> options) {
    var named = new LinkedHashMap<String, Path>();
    if (vectors != null) {
      named.put("--vectors", vectors);
    }
    if (holidays != null) {
      named.put("--holidays", holidays);
    }
    if (from != null) {
      named.put("--from", from);
    }
    try {
      return KeptOptions.arguments(train.getCommandSpec(), options, named);
    } catch (InputException e) {
      throw InputException.in(model, e.problem(), e.fix());
    }
  }

  /** The model that training began with is the one of that hash, wherever it lies now. */
  private void checkParent(Model given) {
    Path file = from;
    if (file == null) {
      return; // without it, the command of a model that began with one is refused
    }
    String expected = String.valueOf(given.provenance().option("from"));
    String found = Tasks.open(file).fingerprint();
    if (!found.equals(expected)) {
      throw InputException.in(
          model,
          "%s is not the model that its training began with: %s, but that was %s"
              .formatted(file, found, expected),
          "Name that model with --from.");
    }
  }

  private void checkSame(String part, String expected, String found) {
    if (!found.equals(expected)) {
      throw InputException.in(
          model,
          "this is not its %s data: %s, but it was trained with %s"
              .formatted(part, found, expected),
          "Name the files that it was trained with, in the same order.");
    }
  }

  private static String difference(Model given, ModelFile<?> again) {
    String found = difference(given, again.parameters());
    if (!found.isEmpty()) {
      return found;
    }
    Map<String, Object> then = given.descriptionJson();
    Map<String, Object> now = again.fields().toJson();
    for (String counted : COUNTED) {
      if (!Objects.equals(then.get(counted), now.get(counted))) {
        return "the same parameters, but other " + counted.replace("ngrams", "n-grams");
      }
    }
    return "";
  }

  private static String difference(Model given, float[] again) {
    float[] a = given.parameters();
    if (a.length != again.length) { // what is counted at the end follows from all bits
      return "%,d parameters, but it has %,d".formatted(again.length, a.length);
    }
    float[] b = given.rounded(again);
    long count = 0;
    double most = 0;
    String first = "";
    for (Slice slice : given.slices()) {
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
