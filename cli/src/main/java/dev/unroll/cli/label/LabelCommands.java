package dev.unroll.cli.label;

import dev.unroll.cli.command.TaskCommands;

/** The commands of classification and tagging. */
public final class LabelCommands {

  public static final TaskCommands CLASSIFY =
      new TaskCommands(
              "classify",
              "Classifies texts: topics, languages, sentiment.",
              ClassifyTrainCommand::new)
          .with("eval", ClassifyEvalCommand::new)
          .with("predict", ClassifyPredictCommand::new)
          .with("baseline", ClassifyBaselineCommand::new);

  public static final TaskCommands TAG =
      new TaskCommands(
              "tag",
              "Tags the words of sentences: parts of speech, names, phrases.",
              TagTrainCommand::new)
          .with("eval", TagEvalCommand::new)
          .with("predict", TagPredictCommand::new)
          .with("baseline", TagBaselineCommand::new);

  private LabelCommands() {}
}
