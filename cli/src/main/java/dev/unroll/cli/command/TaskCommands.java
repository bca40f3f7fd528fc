package dev.unroll.cli.command;

import dev.unroll.cli.option.SearchOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The commands of a task. A command is created when it is asked for, with all its options. */
public final class TaskCommands {

  private final String name;
  private final String description;
  private final Supplier<? extends TrainCommand<?, ?, ?, ?>> train;
  private final Map<String, Supplier<? extends Callable<Integer>>> commands = new LinkedHashMap<>();

  /**
   * Begins a task with its command {@code train}.
   *
   * @param name the task's name, as its models have it
   * @param description what it does, in a line
   */
  public TaskCommands(
      String name, String description, Supplier<? extends TrainCommand<?, ?, ?, ?>> train) {
    this.name = name;
    this.description = description;
    this.train = train;
    commands.put("train", this::train);
  }

  /** Adds a command, in the order of the help. */
  public TaskCommands with(String command, Supplier<? extends Callable<Integer>> created) {
    commands.put(command, created);
    return this;
  }

  /** Returns the task's name, as its models have it. */
  public String name() {
    return name;
  }

  /** Returns the names of the commands. */
  public Set<String> commands() {
    return commands.keySet();
  }

  /** Creates the command that trains, such as to train a model again. */
  public TrainCommand<?, ?, ?, ?> train() {
    TrainCommand<?, ?, ?, ?> created = train.get();
    created.withSeeds(() -> new SeedRuns(created, train).run());
    return created;
  }

  /** Returns the command that searches options of {@code train}. */
  public CommandLine tune() {
    var search = new SearchOptions();
    TrainCommand<?, ?, ?, ?> command = train();
    command.searchBy(() -> new TuneRun(command, search, train).run());
    var line = new CommandLine(command);
    CommandSpec spec = line.getCommandSpec().name(name);
    TaskOptions.fitToTuning(spec);
    spec.addMixin("search", CommandSpec.forAnnotatedObject(search));
    spec.options().stream()
        .filter(each -> each.usageHelp() || each.versionHelp())
        .toList()
        .forEach(each -> spec.remove(each).addOption(each)); // they stay the last
    spec.usageMessage()
        .description(
            "Searches options of unroll %s train and keeps the best model.".formatted(name))
        .footer(
            "",
            "Options that you give stay fixed; the rest is searched. The same command continues a search that",
            "was stopped. MODEL.tune keeps a record of each trial.",
            "Example:  unroll tune %s FILE --search rate=0.0003..0.01:log -o MODEL"
                .formatted(name));
    return line;
  }

  /** Returns the task with the command that is named, or with all where none of its own is. */
  public CommandLine line(String command) {
    var spec = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
    spec.usageMessage().description(description).synopsisSubcommandLabel("COMMAND");
    var line = new CommandLine(spec);
    var named = commands.get(command);
    if (named == null) {
      commands.values().forEach(each -> line.addSubcommand(new CommandLine(each.get())));
      line.addSubcommand(new CommandLine.HelpCommand());
    } else {
      line.addSubcommand(new CommandLine(named.get()));
    }
    return line;
  }
}
