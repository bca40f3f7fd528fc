package dev.unroll.cli.lm;

import dev.unroll.cli.command.TaskCommands;

/** The commands of language models. */
public final class LmCommands {

  public static final TaskCommands LM =
      new TaskCommands(
              "lm",
              "Language models: train, measure, score, sample; n-grams and mixtures.",
              LmTrainCommand::new)
          .with("eval", LmEvalCommand::new)
          .with("score", ScoreCommand::new)
          .with("next", NextCommand::new)
          .with("sample", SampleCommand::new)
          .with("fill", FillCommand::new)
          .with("novelty", NoveltyCommand::new)
          .with("ngram", NgramCommand::new)
          .with("mix", MixCommand::new);

  private LmCommands() {}
}
