package dev.unroll.cli.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParseResult;

/**
 * The help of a command: on one screen what is needed most often, a line or two for each option;
 * with {@code --help-all} every option, and all that there is to say.
 */
public final class CommandHelp {

  /** Asks for every option. */
  public static final String ALL = "--help-all";

  /** Lines of options up to which a command has all of them on its one screen. */
  private static final int SCREEN = 30;

  /** Width of the columns of short names and of the comma, and of the blank before a text. */
  private static final int OTHER_COLUMNS = 4;

  /** Shows what an option takes, and not how it is repeated. */
  private static final Help.IParamLabelRenderer PLAIN_LABEL =
      new Help.IParamLabelRenderer() {
        @Override
        public Help.Ansi.Text renderParameterLabel(
            ArgSpec argument, Help.Ansi ansi, List<Help.Ansi.IStyle> styles) {
          return ansi.text(argument.arity().max() == 0 ? "" : "=" + argument.paramLabel());
        }

        @Override
        public String separator() {
          return "=";
        }
      };

  private final Help help;
  private final CommandSpec spec;
  private final boolean all;

  private CommandHelp(Help help) {
    this.help = help;
    this.spec = help.commandSpec();
    ParseResult asked = spec.root().commandLine().getParseResult();
    this.all = asked != null && asked.originalArgs().contains(ALL);
  }

  /** Gives a program and all its commands this help. */
  public static void install(CommandLine program) {
    CommandSpec spec = program.getCommandSpec();
    for (OptionSpec option : List.copyOf(spec.options())) {
      if (option.usageHelp()) {
        spec.remove(option).addOption(both(option));
        List.copyOf(spec.options()).stream()
            .filter(OptionSpec::versionHelp) // stays the last
            .forEach(version -> spec.remove(version).addOption(version));
      }
    }
    var sections = spec.usageMessage().sectionMap();
    sections.put(
        UsageMessageSpec.SECTION_KEY_SYNOPSIS,
        help -> help.commandSpec().options().size() > 8 ? abbreviated(help) : detailed(help));
    sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> new CommandHelp(help).options());
    program.getSubcommands().values().forEach(CommandHelp::install);
  }

  private static OptionSpec both(OptionSpec option) {
    return OptionSpec.builder(option)
        .names("-h", "--help", ALL)
        .description("Show this help; " + ALL + " shows every option.")
        .build();
  }

  private static String abbreviated(Help help) {
    return help.abbreviatedSynopsis();
  }

  private static String detailed(Help help) {
    return help.synopsis(help.synopsisHeadingLength());
  }

  private String options() {
    List<OptionSpec> shown = spec.options().stream().filter(each -> !each.hidden()).toList();
    if (spec.userObject() instanceof TrainCommand) {
      return groups(shown.stream().filter(each -> !isCommon(each)).toList())
          + list(
              shown.stream().filter(all ? CommandHelp::isCommon : OptionSpec::usageHelp).toList(),
              true);
    }
    String everything = list(shown, true);
    return all || everything.lines().count() <= SCREEN ? everything : list(shown, false);
  }

  /** Returns all options of a command that help shows, by the headings under which they stand. */
  public static Map<String, List<OptionSpec>> grouped(CommandSpec spec) {
    List<OptionSpec> shown =
        spec.options().stream().filter(each -> !each.hidden() && !isCommon(each)).toList();
    if (!(spec.userObject() instanceof TrainCommand)) {
      return Map.of("Options", shown);
    }
    var groups = new LinkedHashMap<String, List<OptionSpec>>();
    for (OptionGroup group : OptionGroup.values()) {
      groups.put(group.title(), group.of(shown, true));
    }
    return groups;
  }

  /** Whether all commands have an option. */
  private static boolean isCommon(OptionSpec option) {
    return option.usageHelp() || option.versionHelp();
  }

  private String groups(List<OptionSpec> options) {
    var text = new StringBuilder();
    for (OptionGroup group : OptionGroup.values()) {
      List<OptionSpec> own = group.of(options, all);
      if (!own.isEmpty()) {
        text.append(help.colorScheme().ansi().string("@|bold " + group.title() + "|@"))
            .append(System.lineSeparator())
            .append(list(own, all));
      }
    }
    return text.toString();
  }

  /** Returns a line or more for each option, whose names are as wide in all groups. */
  private String list(List<OptionSpec> options, boolean whole) {
    int names = help.calcLongOptionColumnWidth(spec.options(), List.of(), help.colorScheme());
    int width = spec.usageMessage().width();
    var table = Help.TextTable.forDefaultColumns(help.colorScheme(), names, width);
    int left = width - table.columns()[0].width - names - OTHER_COLUMNS;
    Help.IOptionRenderer usual = help.createDefaultOptionRenderer();
    var layout =
        new Help.Layout(
            help.colorScheme(),
            table,
            whole ? usual : (option, label, scheme) -> brief(option, scheme, usual, left),
            help.createDefaultParameterRenderer());
    layout.addOptions(options, help.createDefaultParamLabelRenderer());
    return layout.toString();
  }

  /** Renders an option in a line. */
  private static Help.Ansi.Text[][] brief(
      OptionSpec option, Help.ColorScheme scheme, Help.IOptionRenderer usual, int width) {
    Help.Ansi.Text[] row = usual.render(option, PLAIN_LABEL, scheme)[0].clone();
    String description = String.join(" ", option.description()).replace("%n", " ");
    row[row.length - 1] = scheme.text(BriefText.of(description.replace("%%", "%"), width));
    return new Help.Ansi.Text[][] {row};
  }
}
