package dev.unroll.spark.train;

import dev.unroll.base.InputException;
import dev.unroll.cli.option.KeptOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import picocli.CommandLine;
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

  /** Finds the files among the arguments of a line that was parsed. */
  static Arguments of(CommandLine.ParseResult parsed, List<String> line) {
    var inputs = new TreeSet<String>();
    parsed.matchedPositionals().stream()
        .filter(KeptOptions::isPath)
        .forEach(each -> inputs.addAll(each.originalStringValues()));
    if (inputs.contains("-")) {
      throw new InputException(
          "executors cannot read standard input", "Name a file, on any file system.");
    }
    var words = new ArrayList<Word>();
    var options = parsed.commandSpec().optionsMap();
    OptionSpec before = null;
    for (String word : line) {
      int equals = word.startsWith("-") ? word.indexOf('=') : -1;
      OptionSpec own = options.get(equals < 0 ? word : word.substring(0, equals));
      if (before != null) {
        words.add(new Word(kind(before), "", word));
        before = null;
      } else if (own != null && equals >= 0) {
        words.add(new Word(kind(own), word.substring(0, equals + 1), word.substring(equals + 1)));
      } else {
        words.add(new Word(inputs.contains(word) ? Kind.INPUT : Kind.PLAIN, "", word));
        before = own != null && own.arity().max() > 0 ? own : null;
      }
    }
    return new Arguments(words);
  }

  private static Kind kind(OptionSpec option) {
    if (!KeptOptions.isPath(option)) {
      return Kind.PLAIN;
    }
    boolean output = Stream.of(option.names()).anyMatch(OUTPUTS::contains);
    return output ? Kind.OUTPUT : Kind.INPUT;
  }
}
