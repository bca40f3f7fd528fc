package dev.unroll.cli.transduce;

import dev.unroll.cli.command.TaskCommands;

/** The commands of sequence to sequence. */
public final class TransduceCommands {

  public static final TaskCommands TRANSDUCE =
      new TaskCommands(
              "transduce",
              "Sequence to sequence: letters to sounds, English to German.",
              TransduceTrainCommand::new)
          .with("eval", TransduceEvalCommand::new)
          .with("predict", TransducePredictCommand::new)
          .with("baseline", TransduceBaselineCommand::new);

  private TransduceCommands() {}
}
