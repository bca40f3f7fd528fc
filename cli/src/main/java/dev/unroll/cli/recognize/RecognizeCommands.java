package dev.unroll.cli.recognize;

import dev.unroll.cli.command.TaskCommands;

/** The commands of recognition. */
public final class RecognizeCommands {

  public static final TaskCommands RECOGNIZE =
      new TaskCommands(
              "recognize",
              "Recognizes labels in unaligned sequences (CTC): Morse code, pen strokes.",
              RecognizeTrainCommand::new)
          .with("eval", RecognizeEvalCommand::new)
          .with("predict", RecognizePredictCommand::new)
          .with("baseline", RecognizeBaselineCommand::new);

  private RecognizeCommands() {}
}
