package dev.unroll.cli;

import dev.unroll.model.InputException;
import dev.unroll.model.Reading;
import dev.unroll.train.Optimizer;
import dev.unroll.train.Schedule;
import dev.unroll.train.Training;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a network is trained. */
final class TrainingOptions {

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "adam",
      description = "adam or sgd. Default: ${DEFAULT-VALUE}.")
  String optimizer = "adam";

  @Option(
      names = "--rate",
      paramLabel = "X",
      description = "Learning rate. Default: 0.002 for adam, 1 for sgd.")
  @Nullable Double rate;

  @Option(
      names = "--momentum",
      paramLabel = "X",
      defaultValue = "0",
      description = "Momentum of sgd. Default: ${DEFAULT-VALUE}.")
  double momentum;

  @Option(
      names = "--betas",
      paramLabel = "X",
      split = ",",
      defaultValue = "0.9,0.999",
      description = "Decay of adam's two moments. Default: ${DEFAULT-VALUE}.")
  double[] betas = {0.9, 0.999};

  @Option(
      names = "--epsilon",
      paramLabel = "X",
      defaultValue = "1e-8",
      description = "Epsilon of adam. Default: ${DEFAULT-VALUE}.")
  double epsilon = 1e-8;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      defaultValue = "cosine",
      description =
          "Course of the rate: constant, plateau (times --decay when validation stops improving) or"
              + " cosine (down to --final-rate of it). Default: ${DEFAULT-VALUE}.")
  String schedule = "cosine";

  @Option(
      names = "--decay",
      paramLabel = "X",
      defaultValue = "0.5",
      description = "Factor of the plateau schedule. Default: ${DEFAULT-VALUE}.")
  double decay = 0.5;

  @Option(
      names = "--decay-patience",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Validations without improvement before the plateau schedule decays. Default: ${DEFAULT-VALUE}.")
  int decayPatience = 1;

  @Option(
      names = "--final-rate",
      paramLabel = "X",
      defaultValue = "0.05",
      description =
          "Share of the rate that the cosine schedule ends with. Default: ${DEFAULT-VALUE}.")
  double finalRate = 0.05;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "0",
      description = "Steps in which the rate rises from 0. Default: ${DEFAULT-VALUE}.")
  int warmup;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "How often the corpus is read. Default: ${DEFAULT-VALUE}.")
  int epochs = 10;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "32",
      description = "Sequences read side by side. Default: ${DEFAULT-VALUE}.")
  int batch = 32;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "Steps that gradients flow back in a stream; a sentence longer than that is cut when training."
              + " Default: ${DEFAULT-VALUE}.")
  int steps = 64;

  @Option(
      names = "--checkpoint-steps",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Hold the activations of N steps at a time and compute the others again on the way back: less"
              + " memory for long --steps, a third more time. Default: 0, hold all.")
  int checkpointSteps;

  @Option(
      names = "--clip-norm",
      paramLabel = "X",
      defaultValue = "1",
      description = "Scale a gradient down to this norm; 0 for never. Default: ${DEFAULT-VALUE}.")
  double clipNorm = 1;

  @Option(
      names = "--clip-value",
      paramLabel = "X",
      defaultValue = "0",
      description = "Bound of each element of the gradient; 0 for none. Default: ${DEFAULT-VALUE}.")
  double clipValue;

  @Option(
      names = "--validate-every",
      paramLabel = "N",
      defaultValue = "0",
      description = "Steps between validations. Default: once an epoch.")
  int validateEvery;

  @Option(
      names = "--patience",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "Stop after this many validations without improvement; 0 for never. Default:"
              + " ${DEFAULT-VALUE}.")
  int patience = 5;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "The same seed, text and options give the same model, bit for bit. Default: ${DEFAULT-VALUE}.")
  long seed = 1;

  Training training(Reading reading, int threads) {
    checkTogether(momentum != 0, "--momentum", optimizer, "sgd");
    checkTogether(decay != 0.5, "--decay", schedule, "plateau");
    checkTogether(decayPatience != 1, "--decay-patience", schedule, "plateau");
    checkTogether(finalRate != 0.05, "--final-rate", schedule, "cosine");
    return Training.defaults()
        .withOptimizer(optimizer())
        .withSchedule(schedule(), warmup)
        .withEpochs(epochs)
        .withBatch(batch, steps)
        .withClipping(clipNorm, clipValue)
        .withReading(reading)
        .withValidation(validateEvery, patience)
        .withSeed(seed)
        .withThreads(threads)
        .withCheckpointSteps(checkpointSteps);
  }

  /** An option that would do nothing is refused, not passed over. */
  private static void checkTogether(boolean given, String option, String chosen, String needed) {
    if (given && !chosen.equals(needed)) {
      throw new InputException(
          option + " does nothing with " + chosen, "It belongs to " + needed + ".");
    }
  }

  private Optimizer optimizer() {
    Double chosen = rate;
    return switch (optimizer) {
      case "adam" -> {
        if (betas.length != 2) {
          throw new InputException(
              "--betas has " + betas.length + " numbers", "Give two: 0.9,0.999");
        }
        yield new Optimizer.Adam(chosen == null ? 0.002 : chosen, betas[0], betas[1], epsilon);
      }
      case "sgd" -> new Optimizer.Sgd(chosen == null ? 1 : chosen, momentum);
      default ->
          throw new InputException("no optimizer is called " + optimizer, "Use adam or sgd.");
    };
  }

  private Schedule schedule() {
    return switch (schedule) {
      case "constant" -> new Schedule.Constant();
      case "plateau" -> new Schedule.Plateau(decay, decayPatience);
      case "cosine" -> new Schedule.Cosine(finalRate);
      default ->
          throw new InputException(
              "no schedule is called " + schedule, "Use constant, plateau or cosine.");
    };
  }
}
