package dev.unroll.cli.command;

import dev.unroll.base.InputException;
import dev.unroll.cli.option.KeptOptions;
import dev.unroll.cli.option.NumberOptions;
import dev.unroll.cli.option.SearchRange;
import dev.unroll.task.Candidate;
import dev.unroll.text.Lines;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The commands {@code train} of a search: with the options and files that were given, and other
 * settings and seeds. Their models say that they were trained by such a command.
 */
final class TrialCommands {

  /** Options that each of the commands has another value of, or that do nothing there. */
  private static final Set<String> NOT_PASSED =
      Set.of(
          "--search",
          "--trials",
          "--seeds",
          "--seed",
          "--find-rate",
          "--resume",
          "--out",
          "--force",
          "--config",
          "--quiet",
          "--verbose",
          "--checkpoint-every");

  private final TrainCommand<?, ?, ?, ?> own;
  private final Supplier<? extends TrainCommand<?, ?, ?, ?>> fresh;
  private final List<String> given;

  /**
   * Takes over what was given to a command.
   *
   * @param fresh creates commands of the same task
   * @param where what refuses options of one run
   */
  TrialCommands(
      TrainCommand<?, ?, ?, ?> own,
      Supplier<? extends TrainCommand<?, ?, ?, ?>> fresh,
      String where) {
    this.own = own;
    this.fresh = fresh;
    for (String name : TaskOptions.OF_ONE_RUN) {
      if (own.parsed().hasMatchedOption(name)) {
        throw new InputException(
            name + " does nothing with " + where, "Leave it out: it is of one run.");
      }
    }
    var all = new ArrayList<>(own.files());
    all.addAll(own.running.valid());
    if (all.stream().anyMatch(Lines::isStandardInput)) {
      throw new InputException(
          "standard input can be read once, and %s reads the data again and again".formatted(where),
          "Write it to a file.");
    }
    given = KeptOptions.arguments(own.parsed(), NOT_PASSED);
  }

  /** Returns the seed of the first run. */
  long seed() {
    return own.options().seed();
  }

  /** Returns whether an option has no value. */
  boolean isFlag(String name) {
    return option(name).arity().max() == 0;
  }

  private OptionSpec option(String name) {
    OptionSpec option = own.parsed().commandSpec().optionsMap().get(name);
    if (option == null) {
      throw new IllegalArgumentException(name);
    }
    return option;
  }

  /** Returns settings as arguments. */
  List<String> arguments(Map<String, Object> settings) {
    var arguments = new ArrayList<String>();
    settings.forEach(
        (name, value) -> {
          OptionSpec option = option(name);
          if (option.arity().max() > 0) {
            arguments.add(name + "=" + SearchRange.text(value));
          } else if (value.equals("true") || option.negatable()) {
            arguments.add(KeptOptions.flag(option, value.equals("true")));
          }
        });
    return arguments;
  }

  /** Returns what is trained with some settings. */
  Candidate candidate(Map<String, Object> settings) {
    List<String> chosen = arguments(settings);
    long seed = seed();
    return (repetition, model, checkpoints) ->
        command(chosen, seed + repetition).prepare(model, checkpoints);
  }

  /**
   * Returns the command with some settings.
   *
   * @throws InputException if it does not take them
   */
  TrainCommand<?, ?, ?, ?> command(List<String> settings, long seed) {
    var arguments = new ArrayList<>(options(settings, seed));
    arguments.add("--out=" + own.running.model());
    arguments.add("--");
    own.files().forEach(file -> arguments.add(file.toString()));
    TrainCommand<?, ?, ?, ?> command = fresh.get();
    var nowhere = new PrintWriter(Writer.nullWriter());
    var line = new CommandLine(command).setOut(nowhere).setErr(nowhere);
    NumberOptions.register(line);
    try {
      line.setCaseInsensitiveEnumValuesAllowed(true)
          .setExpandAtFiles(false)
          .parseArgs(arguments.toArray(String[]::new));
    } catch (CommandLine.ParameterException e) {
      throw new InputException(
          String.valueOf(e.getMessage()), "Give values that the option takes.");
    }
    return command;
  }

  private List<String> options(List<String> settings, long seed) {
    var options = new ArrayList<>(given);
    options.addAll(settings);
    options.add("--seed=" + seed);
    return options;
  }

  /** Returns the command that trains the same model, ready to be pasted into a shell. */
  String pasted(String task, Map<String, Object> settings, long seed) {
    var words = new ArrayList<>(List.of("unroll", task, "train"));
    List<String> files = own.files().stream().map(Path::toString).toList();
    boolean plain = files.stream().noneMatch(file -> file.startsWith("-"));
    if (plain) {
      words.addAll(files);
    }
    for (String option : options(arguments(settings), seed)) {
      if (option.startsWith("--threads=")) {
        continue; // they change no bit
      }
      int equals = option.indexOf('=');
      boolean apart = equals > 0 && !option.startsWith("-", equals + 1);
      words.addAll(
          apart
              ? List.of(option.substring(0, equals), option.substring(equals + 1))
              : List.of(option));
    }
    words.addAll(List.of("-o", own.running.model().toString()));
    if (!plain) {
      words.add("--");
      words.addAll(files);
    }
    return KeptOptions.quoted(words);
  }
}
