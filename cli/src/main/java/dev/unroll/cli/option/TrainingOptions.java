package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.task.Defaults;
import dev.unroll.train.Objective;
import dev.unroll.train.Preset;
import dev.unroll.train.Schedule;
import dev.unroll.train.Sharding;
import dev.unroll.train.Training;
import dev.unroll.train.WeightDecay;
import dev.unroll.train.optimizer.Adagrad;
import dev.unroll.train.optimizer.Adam;
import dev.unroll.train.optimizer.Optimizer;
import dev.unroll.train.optimizer.RmsProp;
import dev.unroll.train.optimizer.Sgd;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a network is trained. */
@KeptInModel
public final class TrainingOptions {

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "adam",
      description = "adam, adamw, sgd, rmsprop or adagrad. Default: ${DEFAULT-VALUE}.")
  String optimizer = "adam";

  @Option(
      names = "--rate",
      paramLabel = "X",
      description =
          "Learning rate. Default: {rate} for adam and adamw, 0.002 for rmsprop, 0.01 for adagrad, 1 for sgd.")
  @Nullable Double rate;

  @Option(
      names = "--momentum",
      paramLabel = "X",
      defaultValue = "0",
      description = "Momentum of sgd and rmsprop. Default: ${DEFAULT-VALUE}.")
  double momentum;

  @Option(names = "--nesterov", description = "Nesterov momentum, for sgd with momentum.")
  boolean nesterov;

  @Option(
      names = "--betas",
      paramLabel = "X",
      split = ",",
      defaultValue = "0.9,0.999",
      description = "Decay rates of the two moments of adam and adamw. Default: ${DEFAULT-VALUE}.")
  double[] betas = {0.9, 0.999};

  @Option(
      names = "--alpha",
      paramLabel = "X",
      defaultValue = "0.99",
      description = "Decay rate of the mean square of rmsprop. Default: ${DEFAULT-VALUE}.")
  double alpha = 0.99;

  @Option(
      names = "--epsilon",
      paramLabel = "X",
      description = "Epsilon of all optimizers but sgd. Default: 1e-8; 1e-10 for adagrad.")
  @Nullable Double epsilon;

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      description =
          "Weight decay: decoupled for adamw, an L2 penalty for the others. Default: 0; 0.01"
              + " for adamw.")
  @Nullable Double weightDecay;

  @Option(
      names = "--average-after",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Average the parameters over all steps, once validation is worse than the best of"
              + " those more than N before it (the trigger of averaged SGD in Merity et al. 2018,"
              + " who use 5). Default: 0, never.")
  int averageAfter;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      defaultValue = "cosine",
      description =
          "Learning-rate schedule: constant, plateau, step, cosine or one-cycle. In detail:"
              + " plateau (times --decay when validation stops improving), step (times --decay"
              + " every --decay-every epochs after --decay-after), cosine (down to --final-rate of"
              + " the rate), one-cycle (up for 0.3 of the steps, then down). Default:"
              + " ${DEFAULT-VALUE}.")
  String schedule = "cosine";

  @Option(
      names = "--decay",
      paramLabel = "X",
      defaultValue = "0.5",
      description = "Factor of the plateau and step schedules. Default: ${DEFAULT-VALUE}.")
  double decay = 0.5;

  @Option(
      names = "--decay-patience",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Validations without improvement before the plateau schedule decays. Default:"
              + " ${DEFAULT-VALUE}.")
  int decayPatience = 1;

  @Option(
      names = "--decay-after",
      paramLabel = "N",
      defaultValue = "0",
      description = "Epochs at the full rate in the step schedule. Default: ${DEFAULT-VALUE}.")
  int decayAfter;

  @Option(
      names = "--decay-every",
      paramLabel = "N",
      defaultValue = "1",
      description = "Epochs between two decays in the step schedule. Default: ${DEFAULT-VALUE}.")
  int decayEvery = 1;

  @Option(
      names = "--final-rate",
      paramLabel = "X",
      description =
          "Share of the rate at the end of the cosine and one-cycle schedules. Default: 0.05;"
              + " 0.0004 for one-cycle.")
  @Nullable Double finalRate;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "0",
      description = "Steps in which the rate rises from 0 (warm-up). Default: ${DEFAULT-VALUE}.")
  int warmup;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      defaultValue = "usual",
      description =
          "Budget of training: small (a minute), usual or best (hours). Options that you give"
              + " take precedence. Default: ${DEFAULT-VALUE}.")
  String preset = "usual";

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the data. Default: 10; more for little data, fewer for very much.")
  @Nullable Integer epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Sequences per batch. Default: 32; 8 for fewer than 1,000 sequences.")
  @Nullable Integer batch;

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      defaultValue = "1",
      description = "Batches whose gradients are added up for one step. Default: ${DEFAULT-VALUE}.")
  int accumulate = 1;

  @Option(
      names = "--shards",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Split each batch into N shards, whose gradients are computed separately and added"
              + " up in a fixed order. A cluster that computes them in parallel ends with the same"
              + " bits. Default: ${DEFAULT-VALUE}.")
  int shards = 1;

  @Option(
      names = "--local-steps",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Steps that each shard takes by itself, before parameters and moments are averaged"
              + " (local SGD, Stich 2019). Default: 0, all shards take each step together.")
  int localSteps;

  @Option(
      names = "--gradient-precision",
      paramLabel = "NAME",
      description =
          "How shards send their gradients: float32, or bfloat16 in half the bytes. The"
              + " rounding error is added to a later gradient. Default: float32.")
  Precision gradientPrecision = Precision.FLOAT32;

  @Option(
      names = "--clip-norm",
      paramLabel = "X",
      defaultValue = "1",
      description = "Scale gradients down to this norm; 0 to disable. Default: ${DEFAULT-VALUE}.")
  double clipNorm = 1;

  @Option(
      names = "--clip-value",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "Limit each element of the gradient to this absolute value; 0 to disable. Default:"
              + " ${DEFAULT-VALUE}.")
  double clipValue;

  @Option(
      names = "--label-smoothing",
      paramLabel = "X",
      description =
          "Share of the target that is spread evenly over all tokens or labels. Default: 0; 0.1"
              + " for transduce if the targets are byte pairs.")
  @Nullable Double labelSmoothing;

  @Option(
      names = "--validate-every",
      paramLabel = "N",
      description =
          "Steps between validations; 0 for once per epoch. Default: once per epoch; 8 times"
              + " in all if there are few, long epochs.")
  @Nullable Integer validateEvery;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description =
          "Validations without improvement before training stops; 0 for never. Default: 5, or"
              + " a quarter of the epochs.")
  @Nullable Integer patience;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Random seed: the same seed, data and options give the same model, bit for bit."
              + " Default: ${DEFAULT-VALUE}.")
  long seed = 1;

  /** Returns the options; {@code usual} is what the task takes by default. */
  public Training training(int threads, Defaults usual) {
    checkAllUsed();
    Training open =
        usual
            .training()
            .withWeightDecay(weightDecay())
            .withSchedule(schedule(), warmup)
            .withAccumulation(accumulate)
            .withSharding(new Sharding(shards, localSteps, gradientPrecision))
            .withClipping(clipNorm, clipValue)
            .withAveraging(averageAfter)
            .withSeed(seed)
            .withThreads(threads);
    return course(
        optimizer.equals("adam") && rate == null && isUsualAdam()
            ? open
            : open.withOptimizer(optimizer(usual.rate())));
  }

  private boolean isUsualAdam() {
    return Arrays.equals(betas, new double[] {0.9, 0.999}) && epsilon == null;
  }

  /** What is not given stays open, so that it is found from the data. */
  private Training course(Training open) {
    Training course = epochs == null ? open : open.withEpochs(epochs);
    if (labelSmoothing != null) {
      course = course.withObjective(new Objective(labelSmoothing, 0, 0));
    }
    if (batch != null) {
      course = course.withBatch(batch, course.steps());
    }
    return validateEvery == null && patience == null
        ? course
        : course.withValidation(
            validateEvery == null ? course.validateEvery() : validateEvery,
            patience == null ? course.patience() : patience);
  }

  /** Returns how much training may cost. */
  public Preset preset() {
    return Preset.of(preset);
  }

  /** An option that would do nothing is refused, not passed over. */
  private void checkAllUsed() {
    check(momentum != 0, "--momentum", optimizer, "sgd", "rmsprop");
    check(nesterov, "--nesterov", optimizer, "sgd");
    check(!Arrays.equals(betas, new double[] {0.9, 0.999}), "--betas", optimizer, "adam", "adamw");
    check(alpha != 0.99, "--alpha", optimizer, "rmsprop");
    check(epsilon != null, "--epsilon", optimizer, "adam", "adamw", "rmsprop", "adagrad");
    check(decay != 0.5, "--decay", schedule, "plateau", "step");
    check(decayPatience != 1, "--decay-patience", schedule, "plateau");
    check(decayAfter != 0, "--decay-after", schedule, "step");
    check(decayEvery != 1, "--decay-every", schedule, "step");
    check(finalRate != null, "--final-rate", schedule, "cosine", "one-cycle");
  }

  private static void check(boolean given, String option, String chosen, String... needed) {
    if (given && !List.of(needed).contains(chosen)) {
      throw new InputException(
          option + " does nothing with " + chosen,
          "It belongs to " + String.join(" and ", needed) + ".");
    }
  }

  private Optimizer optimizer(double usualRate) {
    if (betas.length != 2) {
      throw new InputException("--betas has " + betas.length + " numbers", "Give two: 0.9,0.999");
    }
    return switch (optimizer) {
      case "adam", "adamw" -> new Adam(or(rate, usualRate), betas[0], betas[1], or(epsilon, 1e-8));
      case "sgd" -> new Sgd(or(rate, 1), momentum, nesterov);
      case "rmsprop" -> new RmsProp(or(rate, 0.002), alpha, or(epsilon, 1e-8), momentum);
      case "adagrad" -> new Adagrad(or(rate, 0.01), or(epsilon, 1e-10));
      default ->
          throw new InputException(
              "no optimizer is called " + optimizer, "Use adam, adamw, sgd, rmsprop or adagrad.");
    };
  }

  private WeightDecay weightDecay() {
    boolean decoupled = optimizer.equals("adamw");
    return new WeightDecay(or(weightDecay, decoupled ? 0.01 : 0), decoupled);
  }

  private Schedule schedule() {
    return switch (schedule) {
      case "constant" -> new Schedule.Constant();
      case "plateau" -> new Schedule.Plateau(decay, decayPatience);
      case "step" -> new Schedule.Step(decay, decayAfter, decayEvery);
      case "cosine" -> new Schedule.Cosine(or(finalRate, 0.05));
      case "one-cycle" -> new Schedule.OneCycle(0.3, 0.04, or(finalRate, 0.0004));
      default ->
          throw new InputException(
              "no schedule is called " + schedule,
              "Use constant, plateau, step, cosine or one-cycle.");
    };
  }

  private static double or(@Nullable Double chosen, double usual) {
    return chosen == null ? usual : chosen;
  }
}
