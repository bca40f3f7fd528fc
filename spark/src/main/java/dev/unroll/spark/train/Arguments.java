package dev.unroll.spark.train;

import dev.unroll.base.InputException;
import dev.unroll.cli.option.KeptOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The arguments of a command that trains, of which those that name files are known: what it reads
 * has to be on every machine, what it writes on one.
 *
 * @param words all of them, in their order
 */
record Arguments(List<Word> words) {

  private static final Set<String> OUTPUTS =
      Set.of("--out", "-o", "--metrics", "--plot", "--checkpoints", "--ids");

  /** The option that names a file of options. */
  private static final String CONFIG = "--config";

  /** What an argument is. */
  enum Kind {
    PLAIN,
    INPUT,
    OUTPUT
  }

  /**
   * An argument.
   *
   * @param before what stands before the name of a file in the same word: {@code --out=}
   * @param value the rest: the name of a file, if it is one
   */
  record Word(Kind kind, String before, String value) {}

  /**
   * Finds the files among what was asked for on a line, or in the file of options that it names,
   * which is on one machine.
   *
   * @param train what was parsed of the command
   */
  static Arguments of(CommandLine.ParseResult train) {
    CommandSpec command = train.commandSpec();
    var words = new ArrayList<Word>();
    words.add(plain(Objects.requireNonNull(command.parent()).name()));
    words.add(plain(command.name()));
    train.matchedPositionals().stream()
        .distinct()
        .flatMap(files -> files.originalStringValues().stream())
        .forEach(file -> words.add(input(file)));
    for (String argument : KeptOptions.arguments(train, Set.of(CONFIG))) {
      int value = argument.indexOf('=') + 1;
      OptionSpec own = command.optionsMap().get(argument.substring(0, Math.max(0, value - 1)));
      words.add(
          own == null
              ? plain(argument)
              : new Word(kind(own), argument.substring(0, value), argument.substring(value)));
    }
    return new Arguments(words);
  }

  private static Word plain(String word) {
    return new Word(Kind.PLAIN, "", word);
  }

  private static Word input(String file) {
    if (file.equals("-")) {
      throw new InputException(
          "executors cannot read standard input", "Name a file, on any file system.");
    }
    return new Word(Kind.INPUT, "", file);
  }

  private static Kind kind(OptionSpec option) {
    if (!KeptOptions.isPath(option)) {
      return Kind.PLAIN;
    }
    boolean output = Stream.of(option.names()).anyMatch(OUTPUTS::contains);
    return output ? Kind.OUTPUT : Kind.INPUT;
  }
}
