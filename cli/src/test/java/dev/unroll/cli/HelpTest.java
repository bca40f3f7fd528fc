package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The help of every command there is. */
class HelpTest {

  private static CommandLine program(String... args) {
    var nowhere = new PrintWriter(Writer.nullWriter());
    return Main.commandLine(nowhere, nowhere, args);
  }

  private static Stream<String> names(CommandLine parent) {
    return parent.getSubcommands().entrySet().stream()
        .filter(each -> !each.getKey().equals("help"))
        .flatMap(
            each ->
                Stream.concat(
                    Stream.of(each.getKey()),
                    names(each.getValue()).map(name -> each.getKey() + " " + name)));
  }

  static Stream<String> commands() {
    return names(program());
  }

  private static CommandLine command(String name) {
    CommandLine command = program(name.split(" ", -1));
    for (String word : name.split(" ", -1)) {
      command = command.getSubcommands().get(word);
    }
    return command;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelp(String name) {
    var help = Session.ok((name + " --help").split(" ", -1));
    assertThat(help.out()).contains("Usage: unroll " + name);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void noLineOfAFooterIsBroken(String name) {
    assertThat(command(name).getCommandSpec().usageMessage().footer())
        .allMatch(each -> each.replace("%%", "%").length() < 100)
        .noneMatch(each -> each.startsWith(","));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpIsAskedForAtTheEndOfTheOptions(String name) {
    var options = command(name).getCommandSpec().options();
    assertThat(options.subList(options.size() - 2, options.size()))
        .extracting(each -> each.names()[1])
        .containsExactly("--help", "--version");
  }

  @Test
  void theOptionsOfATaskComeBeforeThoseOfAllTasks() {
    String help = Session.ok("forecast", "train", "--help").out();
    assertThat(help)
        .containsSubsequence(
            "Data", "--horizon", "Network", "--units", "Training", "--rate", "Output", "--out");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpFitsOnAScreen(String name) {
    String help = Session.ok((name + " --help").split(" ", -1)).out();
    assertThat(help.lines().count())
        .isLessThanOrEqualTo(name.endsWith(" train") || name.startsWith("tune ") ? 45 : 40);
    assertThat(help.lines()).allMatch(line -> line.length() <= 100);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpAllHasEveryOption(String name) {
    String help = Session.ok((name + " --help-all").split(" ", -1)).out();
    assertThat(command(name).getCommandSpec().options())
        .filteredOn(option -> !option.hidden())
        .allSatisfy(
            option ->
                assertThat(help).contains(option.longestName().replaceFirst("^--(?:no-)?", "")));
    assertThat(help.lines()).allMatch(line -> line.length() <= 100);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void noPlaceholderOfADefaultIsLeft(String name) {
    assertThat(Session.ok((name + " --help-all").split(" ", -1)).out()).doesNotContain("{", "${");
  }

  @Test
  void onlyOptionsThatATaskTakesAreShown() {
    for (String task : List.of("forecast", "recognize", "regress")) {
      assertThat(Session.ok(task, "train", "--help-all").out()).doesNotContain("label-smoothing");
    }
    assertThat(Session.ok("classify", "train", "--help-all").out())
        .contains("--label-smoothing", "Default: 0.5.")
        .doesNotContain("--horizon", "--calendar", "language model");
    assertThat(Session.ok("generate-completion").out()).contains("--label-smoothing");
  }

  @Test
  void onlyTasksThatDoubleTheShareOfFewSequencesSaySo() {
    assertThat(Session.ok("forecast", "train", "--help-all").out())
        .contains("--valid-share")
        .doesNotContain("twice that");
    assertThat(Session.ok("tag", "train", "--help-all").out().replaceAll("\\s+", " "))
        .contains("Default: 0.1; twice that for fewer than 1,000 sequences.");
  }

  @Test
  void aDescriptionInALineKeepsWhatItSays() {
    String lines = Session.ok("lm", "train", "--help").out();
    assertThat(lines)
        .contains("What a token is: characters, bytes, words, tokens or byte-pairs.\n")
        .contains("Default: 0.005 for adam and adamw.\n");
  }

  @Test
  void helpOfACommandThatIsNamedAfterHelpIsTheSame() {
    assertThat(Session.ok("lm", "help", "train").out())
        .isEqualTo(Session.ok("lm", "train", "--help").out());
  }

  @Test
  void thereAreAllTasks() {
    assertThat(commands())
        .contains("info", "demo", "verify", "compress", "agreement")
        .contains("lm train", "classify eval", "tag predict", "transduce baseline")
        .contains("recognize predict", "forecast eval");
  }

  @Test
  void aCommandWithoutItsTaskIsToldWhereItIs() {
    var alone = Session.run("train", "text.txt");
    assertThat(alone.status()).isEqualTo(2);
    assertThat(alone.err()).contains("unroll lm train or unroll classify train");
  }

  @Test
  void completionsAreGenerated() {
    assertThat(Session.ok("generate-completion").out()).contains("complete -F");
  }
}
