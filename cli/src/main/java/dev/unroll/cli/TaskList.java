package dev.unroll.cli;

import dev.unroll.cli.command.TaskCommands;
import dev.unroll.cli.forecast.ForecastCommands;
import dev.unroll.cli.label.LabelCommands;
import dev.unroll.cli.lm.LmCommands;
import dev.unroll.cli.recognize.RecognizeCommands;
import dev.unroll.cli.regress.RegressCommands;
import dev.unroll.cli.transduce.TransduceCommands;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The tasks of the command line: a new one is a line here. */
final class TaskList {

  /** All tasks, in the order of the help. */
  static final List<TaskCommands> ALL =
      List.of(
          LmCommands.LM,
          LabelCommands.CLASSIFY,
          LabelCommands.TAG,
          TransduceCommands.TRANSDUCE,
          RecognizeCommands.RECOGNIZE,
          ForecastCommands.FORECAST,
          RegressCommands.REGRESS);

  /** The command whose commands are those of all tasks, to search their options. */
  static final String TUNE = "tune";

  private TaskList() {}

  /** Returns the command that searches options of the task that is named, or of all tasks. */
  static CommandLine tune(String named) {
    var spec = CommandSpec.create().name(TUNE).mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description("Searches hyperparameters: the options of training that suit your data.")
        .synopsisSubcommandLabel("TASK")
        .footer("", "Example:  unroll tune classify questions.tsv -o questions.safetensors");
    var line = new CommandLine(spec);
    var task = find(named);
    ALL.stream()
        .filter(each -> task.isEmpty() || each.equals(task.get()))
        .forEach(each -> line.addSubcommand(each.name(), each.tune()));
    if (task.isEmpty()) {
      line.addSubcommand(new CommandLine.HelpCommand());
    }
    return line;
  }

  /** Returns the task of that name. */
  static Optional<TaskCommands> find(String name) {
    return ALL.stream().filter(task -> task.name().equals(name)).findFirst();
  }
}
