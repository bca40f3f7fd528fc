package dev.unroll.cli.lm;

import dev.unroll.cli.option.KeptInModel;
import dev.unroll.data.Reading;
import dev.unroll.train.Objective;
import dev.unroll.train.Training;
import picocli.CommandLine.Option;

/** How a language model is trained on long texts. */
@KeptInModel
final class StreamOptions {

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "Steps of truncated backpropagation in a stream. Longer sentences are split in"
              + " training. Default: ${DEFAULT-VALUE}.")
  int steps = 64;

  @Option(
      names = "--random-steps",
      description =
          "Draw the length of each window of a stream at random: about --steps, for one in"
              + " twenty about half of it.")
  boolean randomSteps;

  @Option(
      names = "--reset-states",
      paramLabel = "RATE",
      defaultValue = "0",
      description =
          "Share of a stream's windows that start from the initial state, so that the network"
              + " learns to begin (0.01 in Melis et al. 2018). Default: ${DEFAULT-VALUE}.")
  double resetRate;

  @Option(
      names = "--checkpoint-steps",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Gradient checkpointing: hold the activations of N steps at a time, and recompute"
              + " the others in the backward pass. Less memory for long --steps, a third more time."
              + " Default: 0, hold all.")
  int checkpointSteps;

  @Option(
      names = "--activation-penalty",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "Penalty on the last layer's squared outputs (AR; 2 in AWD-LSTM). Default: ${DEFAULT-VALUE}.")
  double activationPenalty;

  @Option(
      names = "--temporal-penalty",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "Penalty on the squared change of the last layer's outputs (TAR; 1 in AWD-LSTM)."
              + " Default: ${DEFAULT-VALUE}.")
  double temporalPenalty;

  @Option(
      names = "--sampled-softmax",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Train against N sampled tokens per step, not the whole vocabulary, such as 4096 of"
              + " 50,000. Several times as fast; validation and inference use all tokens. Default:"
              + " 0, all tokens.")
  int sampledTokens;

  @Option(
      names = "--backward",
      description =
          "Read each sentence from its last token to its first, for lm fill. Needs --reading"
              + " sentences.")
  boolean backward;

  /** The same options of a run, with these. */
  Training of(Training training, Reading reading) {
    double smoothing = training.objective().labelSmoothing();
    return training
        .withSteps(steps)
        .withObjective(new Objective(smoothing, activationPenalty, temporalPenalty))
        .withReading(reading)
        .withRandomSteps(randomSteps)
        .withResets(resetRate)
        .withCheckpointSteps(checkpointSteps)
        .withSampledTokens(sampledTokens);
  }
}
