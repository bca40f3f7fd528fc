package dev.unroll.cli.command;

import dev.unroll.Trial;
import dev.unroll.base.InputException;
import dev.unroll.cli.option.KeptOptions;
import dev.unroll.cli.option.SearchRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options that a search draws, and from what. */
final class SearchSpace {

  private static final String RATE = "--rate";

  /** The usual ranges of all tasks; that of the rate lies around the rate without a search. */
  private static final List<String> USUAL =
      List.of("units=64,128,256", "dropout=0..0.6", "batch=16,32,64", "cell=lstm,gru");

  /** Those of a task that are others, or more. */
  private static final Map<String, List<String>> OF_TASK =
      Map.of(
          "classify", List.of("pooling=max,mean,attention"),
          "tag", List.of("spelling=0,20", "crf=true,false"),
          "forecast", List.of("units=16,32,64,128", "dropout=0..0.4"));

  /** Of the options of data the only one that leaves what is compared as it is. */
  private static final String CONTEXT = "--context";

  /** Options that change what is validated, or how, so that figures cannot be compared. */
  private static final Set<String> MEASURING =
      Set.of(
          "--seed",
          "--measure",
          "--head",
          "--quantiles",
          "--relative",
          "--recursive",
          "--scheme",
          "--given-at",
          "--from",
          "--freeze",
          "--layer-rates",
          "--unfreeze-after");

  private final List<SearchRange> ranges;

  private SearchSpace(List<SearchRange> ranges) {
    this.ranges = ranges;
  }

  /**
   * Returns the ranges that are given.
   *
   * @throws InputException if one is of no option that can be searched
   * @throws CommandLine.UnmatchedArgumentException if one is of no option
   */
  static SearchSpace given(List<String> texts, TrialCommands commands, ParseResult given) {
    var byOption = new LinkedHashMap<String, SearchRange>();
    for (String text : texts) {
      SearchRange range = SearchRange.parse(text);
      checkOption(range.option(), given);
      if (byOption.put(range.option(), range) != null) {
        throw new InputException(
            "--search names " + range.option() + " twice", "Give one range of it.");
      }
    }
    var space = new SearchSpace(List.copyOf(byOption.values()));
    space.checkValues(commands);
    return space;
  }

  private static void checkOption(String name, ParseResult given) {
    OptionSpec option = given.commandSpec().optionsMap().get(name);
    if (option == null || option.hidden()) {
      CommandLine line = given.commandSpec().commandLine();
      throw new CommandLine.UnmatchedArgumentException(line, List.of(name)); // which gives a hint
    }
    if (given.hasMatchedOption(option)) {
      throw new InputException(name + " is given and searched, too", "Leave it out, or its range.");
    }
    OptionGroup group = OptionGroup.of(option);
    boolean shapes = group == OptionGroup.NETWORK || group == OptionGroup.TRAINING;
    if (!KeptOptions.isKept(option)
        || MEASURING.contains(name)
        || !(shapes || name.equals(CONTEXT))) {
      throw new InputException(
          "--search names %s, which changes the data or what is measured".formatted(name),
          "Search options of the network and of training; give %s itself.".formatted(name));
    }
  }

  /**
   * A value may need another option; one that is refused with all values of all others is wrong.
   */
  private void checkValues(TrialCommands commands) {
    for (SearchRange range : ranges) {
      for (String value : range.extremes()) {
        checkFlag(range, value, commands);
        InputException refused = refusal(commands, Map.of(range.option(), value));
        if (refused != null && !isTakenWithOthers(range, value, commands)) {
          throw new InputException(
              "--search %s: %s".formatted(range, refused.problem()), refused.fix());
        }
      }
    }
  }

  private static void checkFlag(SearchRange range, String value, TrialCommands commands) {
    if (commands.isFlag(range.option()) && !Set.of("true", "false").contains(value)) {
      throw new InputException(
          "--search %s: %s takes no value".formatted(range, range.option()),
          "Write %s=true,false.".formatted(range.option().substring(2)));
    }
  }

  private boolean isTakenWithOthers(SearchRange range, String value, TrialCommands commands) {
    return ranges.stream()
        .filter(other -> !other.equals(range))
        .flatMap(other -> other.extremes().stream().map(each -> Map.entry(other.option(), each)))
        .anyMatch(
            other ->
                refusal(commands, Map.of(range.option(), value, other.getKey(), other.getValue()))
                    == null);
  }

  private static @Nullable InputException refusal(
      TrialCommands commands, Map<String, Object> settings) {
    try {
      commands.command(commands.arguments(settings), commands.seed()).checkChoices();
      return null;
    } catch (InputException e) {
      return e;
    }
  }

  /**
   * Returns the usual ranges of options that are not given.
   *
   * @param fixed further options that are not searched, such as those of a model's shape
   */
  static SearchSpace usual(String task, ParseResult given, Set<String> fixed) {
    var byOption = new LinkedHashMap<String, SearchRange>();
    var texts = new ArrayList<>(USUAL);
    texts.addAll(OF_TASK.getOrDefault(task, List.of()));
    for (String text : texts) {
      SearchRange range = SearchRange.parse(text);
      OptionSpec option = given.commandSpec().optionsMap().get(range.option());
      boolean free =
          option != null
              && !option.hidden()
              && !given.hasMatchedOption(option)
              && !fixed.contains(range.option());
      if (free) {
        byOption.put(range.option(), range);
      }
    }
    return new SearchSpace(List.copyOf(byOption.values()));
  }

  /** Returns the same with rates around one. */
  SearchSpace withRatesAround(double rate) {
    var all = new ArrayList<SearchRange>();
    all.add(SearchRange.around(RATE, rate));
    all.addAll(ranges);
    return new SearchSpace(all);
  }

  /** Returns the ranges. */
  List<SearchRange> ranges() {
    return ranges;
  }

  /** Returns whether the rate is searched. */
  boolean hasRate() {
    return ranges.stream().anyMatch(range -> range.option().equals(RATE));
  }

  /** Draws a value of each option. */
  Map<String, Object> draw(Trial trial) {
    var settings = new LinkedHashMap<String, Object>();
    ranges.forEach(range -> settings.put(range.option(), range.draw(trial)));
    return settings;
  }
}
