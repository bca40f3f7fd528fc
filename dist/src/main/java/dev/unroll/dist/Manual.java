package dev.unroll.dist;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** The help of all commands as manual pages, one each: {@code man unroll-lm-train}. */
final class Manual {

  private final String version;
  private final Map<String, String> pages = new TreeMap<>();

  private Manual(String version) {
    this.version = version;
  }

  /** Returns the pages by the names of their files. */
  static Map<String, String> pages(CommandLine program, String version) {
    var manual = new Manual(version);
    manual.add(program);
    return manual.pages;
  }

  private void add(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    String name = spec.qualifiedName("-");
    var page = new StringBuilder();
    page.append(
        ".TH \"%s\" 1 \"\" \"Unroll %s\"\n".formatted(name.toUpperCase(Locale.ROOT), version));
    List<String> description = lines(spec.usageMessage().description());
    section(page, "NAME", name + " \\- " + text(firstSentence(description)));
    section(page, "SYNOPSIS", ".nf\n" + text(synopsis(command)) + "\n.fi");
    section(page, "DESCRIPTION", text(String.join("\n.PP\n", description)));
    arguments(page, "PARAMETERS", spec.positionalParameters());
    arguments(page, "OPTIONS", spec.options());
    commands(page, command);
    List<String> footer = lines(spec.usageMessage().footer());
    section(page, "NOTES", ".nf\n" + text(String.join("\n", footer)) + "\n.fi");
    CommandLine parent = command.getParent();
    section(
        page, "SEE ALSO", parent == null ? "" : parent.getCommandSpec().qualifiedName("-") + "(1)");
    pages.put(name + ".1", page.toString());
    subcommands(command).values().forEach(this::add);
  }

  /**
   * Returns the commands below another in the order of its help, without that which prints help.
   */
  static Map<String, CommandLine> subcommands(CommandLine command) {
    var commands = new LinkedHashMap<>(command.getSubcommands());
    commands.remove("help");
    return commands;
  }

  /** Returns how a command is called, in one or more lines. */
  static String synopsis(CommandLine command) {
    return new Help(command.getCommandSpec(), Help.defaultColorScheme(Help.Ansi.OFF))
        .synopsis(0)
        .strip();
  }

  private static void arguments(StringBuilder page, String title, List<? extends ArgSpec> all) {
    var body = new ArrayList<String>();
    for (ArgSpec each : all) {
      if (!each.hidden()) {
        String names =
            each instanceof CommandLine.Model.OptionSpec option
                ? String.join(", ", option.names())
                : "";
        String label = each.arity().max() == 0 ? "" : "\\fI" + text(each.paramLabel()) + "\\fR";
        String separator = names.isEmpty() || label.isEmpty() ? "" : "=";
        String bold = names.isEmpty() ? "" : "\\fB" + text(names) + "\\fR";
        String description = text(String.join("\n.br\n", lines(each.description())));
        body.add(".TP\n" + bold + separator + label + "\n" + description);
      }
    }
    section(page, title, String.join("\n", body));
  }

  private static void commands(StringBuilder page, CommandLine command) {
    section(
        page,
        "COMMANDS",
        subcommands(command).values().stream()
            .map(CommandLine::getCommandSpec)
            .map(
                each ->
                    ".TP\n\\fB%s\\fR(1)\n%s"
                        .formatted(
                            text(each.qualifiedName("-")),
                            text(firstSentence(lines(each.usageMessage().description())))))
            .collect(Collectors.joining("\n")));
  }

  private static void section(StringBuilder page, String title, String body) {
    if (!body.isBlank() && !body.equals(".nf\n\n.fi")) {
      page.append(".SH ").append(title).append('\n').append(body).append('\n');
    }
  }

  /** Returns the lines of a description, without marks of picocli's format. */
  static List<String> lines(String[] text) {
    return List.of(
        String.join("\n", text).replace("%n", "\n").replace("%%", "%").strip().split("\n", -1));
  }

  /** Returns the first sentence, without its full stop. */
  static String firstSentence(List<String> description) {
    String all = String.join(" ", description);
    int end = all.indexOf(". ");
    return (end < 0 ? all : all.substring(0, end)).replaceAll("\\.$", "");
  }

  /** Keeps what is a command of roff nowhere but where this class writes one. */
  private static String text(String text) {
    return text.replace("\\", "\\e")
        .replace("-", "\\-")
        .lines()
        .map(line -> !line.matches("[.'].*") || isMacro(line) ? line : "\\&" + line)
        .collect(Collectors.joining("\n"));
  }

  private static boolean isMacro(String line) {
    return line.equals(".PP") || line.equals(".br");
  }
}
