package dev.unroll.dist;

import dev.unroll.cli.command.CommandHelp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The help of all commands as pages in Markdown, {@code docs/reference}: one for each task, one for
 * the commands that belong to none, and an index.
 */
final class Reference {

  private static final String NOTE =
      "\n<!-- Made from the code of the commands by ./unroll-docs --update; do not edit. -->\n";

  private Reference() {}

  /** Returns the pages by the names of their files. */
  static Map<String, String> pages(CommandLine program) {
    var pages = new TreeMap<String, String>();
    var alone = new StringBuilder("# Commands of no task\n" + NOTE);
    var index = new StringBuilder("# Reference of all commands\n" + NOTE + "\n");
    index.append(
        "Every option of every command. `--help` shows those that are needed most often, ");
    index.append("`--help-all` all of them.\n\n| command | what it does |\n| --- | --- |\n");
    Manual.subcommands(program)
        .forEach(
            (name, command) -> {
              Map<String, CommandLine> commands = Manual.subcommands(command);
              if (commands.isEmpty()) {
                alone.append(section(command));
                index.append(row(command, "other.md"));
              } else {
                var page = new StringBuilder("# unroll " + name + "\n" + NOTE + "\n");
                page.append(description(command.getCommandSpec()));
                commands.values().forEach(each -> page.append(section(each)));
                pages.put(name + ".md", page.toString());
                commands.values().forEach(each -> index.append(row(each, name + ".md")));
              }
            });
    pages.put("other.md", alone.toString());
    pages.put("README.md", index.toString());
    return pages;
  }

  private static String row(CommandLine command, String page) {
    String name = command.getCommandSpec().qualifiedName();
    List<String> description = Manual.lines(command.getCommandSpec().usageMessage().description());
    return "| [`%s`](%s#%s) | %s |\n"
        .formatted(name, page, Markdown.anchor(name), text(Manual.firstSentence(description)));
  }

  private static String section(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    var section = new StringBuilder("\n## " + spec.qualifiedName() + "\n\n" + description(spec));
    section.append("\n```\n").append(synopsis(command)).append("\n```\n");
    section.append(table("argument", spec.positionalParameters()));
    CommandHelp.grouped(spec)
        .forEach(
            (title, options) -> {
              boolean one = title.equals("Options") || options.isEmpty();
              section.append(one ? "" : "\n### " + title(spec, title) + "\n");
              section.append(table("option", options));
            });
    String footer = String.join("\n", Manual.lines(spec.usageMessage().footer())).strip();
    return section + (footer.isEmpty() ? "" : "\n```\n" + footer + "\n```\n");
  }

  /** Many options are only counted as such: the tables below have them. */
  private static String synopsis(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    return spec.options().size() > 8
        ? new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF)).abbreviatedSynopsis().strip()
        : Manual.synopsis(command);
  }

  /** The headings of a page differ, so that each has an anchor of its own. */
  private static String title(CommandSpec spec, String title) {
    return title + " of " + spec.name();
  }

  private static String description(CommandSpec spec) {
    return Manual.lines(spec.usageMessage().description()).stream()
        .map(Reference::text)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String table(String head, List<? extends ArgSpec> all) {
    var rows = new LinkedHashMap<String, String>();
    for (ArgSpec each : all) {
      if (!each.hidden()) {
        rows.put(names(each), text(String.join(" ", Manual.lines(each.description()))));
      }
    }
    return rows.isEmpty()
        ? ""
        : rows.entrySet().stream()
            .map(row -> "| " + row.getKey() + " | " + row.getValue() + " |\n")
            .collect(Collectors.joining("", "\n| " + head + " | meaning |\n| --- | --- |\n", ""));
  }

  private static String names(ArgSpec argument) {
    String label = argument.arity().max() == 0 ? "" : argument.paramLabel();
    if (!(argument instanceof OptionSpec option)) {
      return code(label);
    }
    String separator = label.isEmpty() || label.startsWith("[") ? "" : " ";
    return code(String.join(", ", option.names()) + separator + label);
  }

  private static String code(String text) {
    return "`" + text.replace("|", "\\|") + "`";
  }

  /** Keeps characters of a description from being read as Markdown. */
  private static String text(String text) {
    return text.replaceAll("([\\\\`*_\\[\\]<>|])", "\\\\$1");
  }
}
