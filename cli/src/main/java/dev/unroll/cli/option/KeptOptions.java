package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import java.io.File;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Which options of a training stand in the model, so that it can be trained again. */
public final class KeptOptions {

  /** Options that a search for the rate, which trains nothing, has no use for. */
  private static final List<String> UNUSED_IN_SEARCH =
      List.of(
          "--out",
          "--metrics",
          "--cross-validate",
          "--seeds",
          "--checkpoint-every",
          "--checkpoints",
          "--resume",
          "--dry-run",
          "--verbose",
          "--force",
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
      if (isKept(option)) {
        words.add(flag(option, !(option.negatable() && Boolean.FALSE.equals(option.getValue()))));
        if (option.arity().max() > 0) {
          words.add(String.join(",", values(option)));
        }
      }
    }
    return words;
  }

  /**
   * Returns the options given, each as one argument.
   *
   * @param without names of those that are left out
   */
  public static List<String> arguments(ParseResult given, Set<String> without) {
    var arguments = new ArrayList<String>();
    for (OptionSpec option : given.matchedOptionsSet()) {
      String name = option.longestName();
      if (without.contains(name)) {
        continue;
      }
      if (option.arity().max() > 0) {
        option.originalStringValues().forEach(value -> arguments.add(name + "=" + value));
      } else {
        arguments.add(flag(option, !Boolean.FALSE.equals(option.getValue())));
      }
    }
    return arguments;
  }

  /** Returns an option without a value as it is given, or denied. */
  public static String flag(OptionSpec option, boolean value) {
    String name = option.longestName();
    return value ? name : name.replaceFirst("^--", "--no-");
  }

  /** Picocli keeps the keys alone of what is NAME=VALUE. */
  private static List<String> values(OptionSpec option) {
    return option.typeInfo().isMap() ? option.originalStringValues() : option.stringValues();
  }

  /** Whether the option itself, or the class that declares it, says that it decides a model. */
  public static boolean isKept(OptionSpec option) {
    return option.userObject() instanceof Field field
        && (field.isAnnotationPresent(KeptInModel.class)
            || field.getDeclaringClass().isAnnotationPresent(KeptInModel.class));
  }

  /** Whether an option or parameter is a file or a folder, or several. */
  public static boolean isPath(ArgSpec option) {
    return Stream.concat(Stream.of(option.type()), Stream.of(option.auxiliaryTypes()))
        .anyMatch(type -> Path.class.isAssignableFrom(type) || File.class.isAssignableFrom(type));
  }

  /**
   * Returns the arguments for a command that a model says it was trained by. Whoever wrote the
   * model may have written anything there: only options that decide the bits of a model are taken,
   * and a path is the one that the user names for the same option.
   *
   * @param command the command that trains such models
   * @param words what the model says, as {@link #of} wrote it
   * @param named files that the user names, by option
   * @throws InputException if there is anything else
   */
  public static List<String> arguments(
      CommandSpec command, List<String> words, Map<String, Path> named) {
    var arguments = new ArrayList<String>();
    var missing = new LinkedHashMap<>(named);
    for (int i = 0; i < words.size(); i++) {
      String name = words.get(i);
      OptionSpec option = command.optionsMap().get(name);
      if (option == null) {
        option = command.negatedOptionsMap().get(name);
      }
      if (option == null && name.startsWith("--")) {
        throw new InputException(
            "it was trained with an option that this version does not have: " + name,
            "Use the version that trained it; unroll info names it.");
      }
      if (option == null || !isKept(option)) {
        throw new InputException(
            "its command has " + quoted(List.of(name)) + ", which decides no model",
            "A model of train has no such option: see unroll info, and who made the file.");
      }
      String value = null;
      if (option.arity().max() > 0) {
        if (++i == words.size()) {
          throw new InputException(
              "its command ends with " + name + ", without a value", "Copy the file again.");
        }
        value = isPath(option) ? file(option, words.get(i), missing) : words.get(i);
      }
      arguments.add(value == null ? name : name + "=" + value);
    }
    if (!missing.isEmpty()) {
      String name = missing.keySet().iterator().next();
      throw new InputException("it was trained without " + name, "Leave that out.");
    }
    return arguments;
  }

  /** Takes out the file that the user names for an option; which file it was is for reading. */
  private static String file(OptionSpec option, String then, Map<String, Path> named) {
    Path file = named.remove(option.longestName());
    if (file == null) {
      throw new InputException(
          "it was trained with %s %s, and no file is opened because a model says so"
              .formatted(option.longestName(), quoted(List.of(then))),
          "Name it: add %s FILE.".formatted(option.longestName()));
    }
    return file.toString();
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
