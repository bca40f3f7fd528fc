package dev.unroll.cli.option;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.unroll.base.InputException;
import dev.unroll.text.Lines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options in a TOML file, whose keys are their names without hyphens: {@code rate = 0.01}. They are
 * read as if they stood on the command line, and what does stand there wins.
 */
public final class ConfigFile implements CommandLine.IParameterPreprocessor {

  private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?");

  /** A command that knows all arguments of its line, so that these win. */
  public interface Given {
    /** Returns the arguments. */
    List<String> given();
  }

  /** Created by picocli. */
  public ConfigFile() {}

  @Override
  @SuppressWarnings("JdkObsolete") // picocli's stack
  public boolean preprocess(
      Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
    if (args.isEmpty()) {
      return false; // picocli says that the file is missing
    }
    Path file = Path.of(args.pop());
    try {
      List<String> expanded = arguments(file, command);
      Collections.reverse(expanded);
      args.addAll(expanded);
    } catch (InputException e) {
      throw new CommandLine.ParameterException(
          command.commandLine(), e.message(key -> "--" + key), e);
    }
    return true;
  }

  private static List<String> arguments(Path file, CommandSpec command) {
    var lines = new ArrayList<String>();
    Lines.read(file, lines::add); // also with the mark of an encoding, as PowerShell writes it
    JsonNode root;
    try {
      root = new TomlMapper().readTree(String.join("\n", lines));
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw InputException.at(
          file.toString(),
          line,
          "is no TOML: " + e.getOriginalMessage(),
          "Write a line for each option: rate = 0.01");
    }
    List<OptionSpec> given = given(command);
    var arguments = new ArrayList<String>();
    for (var entry : root.properties()) {
      String name = "--" + entry.getKey();
      OptionSpec option = find(command, name);
      if (option == null || option.usageHelp() || option.versionHelp() || isConfig(option)) {
        throw InputException.at(
            file.toString(),
            line(lines, entry.getKey()),
            "no option is called " + name,
            "See %s --help-all for those there are.".formatted(command.qualifiedName()));
      }
      if (!given.contains(option)) {
        List<String> words = words(name, option, entry.getValue(), command, file, lines);
        check(option, words, command, file, line(lines, entry.getKey()));
        arguments.addAll(words);
      }
    }
    return arguments;
  }

  private static boolean isConfig(OptionSpec option) {
    return option.preprocessor() instanceof ConfigFile;
  }

  private static @Nullable OptionSpec find(CommandSpec command, String name) {
    OptionSpec option = command.optionsMap().get(name);
    return option == null ? command.negatedOptionsMap().get(name) : option;
  }

  private static List<OptionSpec> given(CommandSpec command) {
    var given = new ArrayList<OptionSpec>();
    if (command.userObject() instanceof Given line) {
      for (String word : line.given()) {
        if (word.equals("--")) {
          break; // files follow
        }
        OptionSpec option = find(command, word.replaceFirst("=.*", ""));
        if (option != null) {
          given.add(option);
        }
      }
    }
    return given;
  }

  private static List<String> words(
      String name,
      OptionSpec option,
      JsonNode value,
      CommandSpec command,
      Path file,
      List<String> lines) {
    if (value.isBoolean() && option.arity().max() == 0) {
      return value.asBoolean() ? List.of(name) : opposite(name, option, command);
    }
    if (value.isObject() || value.isBoolean() || option.arity().max() == 0) {
      throw InputException.at(
          file.toString(),
          line(lines, name.substring(2)),
          name + " does not take " + value,
          option.arity().max() == 0 ? "Write true or false." : "Write a number, a text or a list.");
    }
    var texts = new ArrayList<String>();
    if (value.isArray()) {
      value.forEach(each -> texts.add(each.asText()));
    } else {
      texts.add(value.asText());
    }
    return option.splitRegex().isEmpty()
        ? texts.stream().map(each -> name + "=" + each).toList()
        : List.of(name + "=" + String.join(",", texts));
  }

  /** Returns what says the opposite of a name of an option; nothing where it is the default. */
  private static List<String> opposite(String name, OptionSpec option, CommandSpec command) {
    if (command.negatedOptionsMap().containsKey(name)) {
      return List.of(option.longestName());
    }
    return command.negatedOptionsMap().entrySet().stream()
        .filter(each -> each.getValue().equals(option))
        .map(Map.Entry::getKey)
        .limit(1)
        .toList();
  }

  /** Refuses values that an option does not take while their line is known. */
  private static void check(
      OptionSpec option, List<String> words, CommandSpec command, Path file, int line) {
    if (option.arity().max() == 0) {
      return;
    }
    var alone =
        OptionSpec.builder(option.names())
            .typeInfo(option.typeInfo())
            .arity(option.arity())
            .splitRegex(option.splitRegex())
            .converters(option.converters())
            .paramLabel(option.paramLabel());
    var parser = new CommandLine(CommandSpec.create().addOption(alone.build()));
    NumberOptions.register(parser);
    try {
      parser.setCaseInsensitiveEnumValuesAllowed(true).setExpandAtFiles(false);
      parser.parseArgs(words.toArray(String[]::new));
    } catch (CommandLine.ParameterException e) {
      throw InputException.at(
          file.toString(),
          line,
          String.valueOf(e.getMessage()),
          "See %s --help-all for what it takes.".formatted(command.qualifiedName()));
    }
  }

  private static int line(List<String> lines, String key) {
    Pattern begin = Pattern.compile("\\s*[\"'\\[]?" + Pattern.quote(key) + "(?![\\w-]).*");
    for (int i = 0; i < lines.size(); i++) {
      if (begin.matcher(lines.get(i)).matches()) {
        return i + 1;
      }
    }
    return 1;
  }

  /**
   * Returns the file that asks for the same options.
   *
   * @param command the command that takes them
   * @param words the options, each as one word or as name and value, as {@link KeptOptions#of}
   *     gives them
   */
  public static List<String> write(CommandSpec command, List<String> words) {
    var lines = new ArrayList<String>();
    for (int i = 0; i < words.size(); i++) {
      String name = words.get(i);
      OptionSpec option = find(command, name);
      String key = name.replaceFirst("^--", "");
      if (option != null && option.arity().max() > 0 && i + 1 < words.size()) {
        lines.add(key + " = " + value(words.get(++i)));
      } else if (option != null && command.optionsMap().get(name) == null) {
        lines.add(option.longestName().replaceFirst("^--", "") + " = false");
      } else {
        lines.add(key + " = true");
      }
    }
    return lines;
  }

  private static String value(String text) {
    if (NUMBER.matcher(text).matches()) {
      return text;
    }
    var quoted = new StringBuilder("\"");
    text.chars()
        .forEach(
            c ->
                quoted.append(
                    c == '"' || c == '\\'
                        ? "\\" + (char) c
                        : c < ' ' || c == 0x7F
                            ? "\\u%04x".formatted(c)
                            : String.valueOf((char) c)));
    return quoted.append('"').toString();
  }
}
