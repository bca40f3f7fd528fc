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

  private TaskList() {}

  /** Returns the task of that name. */
  static Optional<TaskCommands> find(String name) {
    return ALL.stream().filter(task -> task.name().equals(name)).findFirst();
  }
}
