package dev.unroll.cli.option;

import dev.unroll.file.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Which options of a training stand in the model, so that it can be trained again. */
public final class KeptOptions {

  /** Options that change no bit of a model, or say where something is. */
  private static final Set<String> NOT_KEPT =
      Set.of(
          "--out",
          "--valid",
          "--metrics",
          "--ids",
          "--test",
          "--json",
          "--find-rate",
          "--cross-validate",
          "--plot",
          "--threads",
          "--checkpoint-every",
          "--checkpoints",
          "--resume");

  /** Options that a search for the rate, which trains nothing, has no use for. */
  private static final List<String> UNUSED_IN_SEARCH =
      List.of(
          "--out",
          "--metrics",
          "--cross-validate",
          "--checkpoint-every",
          "--checkpoints",
          "--resume",
          "--schedule",
          "--warmup",
          "--random-steps",
          "--epochs",
          "--validate-every",
          "--average-after",
          "--patience");

  /** What a shell takes as it is. */
  private static final Pattern PLAIN = Pattern.compile("[\\w./,:=+-]+");

  private KeptOptions() {}

  /** The options given that decide the bits of the model, each as one word or as name and value. */
  public static List<String> of(ParseResult given) {
    var words = new ArrayList<String>();
    for (OptionSpec option : given.matchedOptionsSet()) {
      if (!NOT_KEPT.contains(option.longestName())) {
        boolean denied = option.negatable() && Boolean.FALSE.equals(option.getValue());
        words.add(
            denied ? option.longestName().replaceFirst("^--", "--no-") : option.longestName());
        if (option.arity().max() > 0) {
          words.add(String.join(",", option.stringValues()));
        }
      }
    }
    return words;
  }

  /** Returns words as one line for a shell. */
  public static String quoted(List<?> words) {
    return words.stream()
        .map(Object::toString)
        .map(word -> PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }

  /** Refuses options that do nothing while a learning rate is looked for. */
  public static void checkSearch(ParseResult given) {
    for (String name : UNUSED_IN_SEARCH) {
      if (given.hasMatchedOption(name)) {
        throw new InputException(
            name + " does nothing with --find-rate", "Leave it out: nothing is trained.");
      }
    }
  }
}
