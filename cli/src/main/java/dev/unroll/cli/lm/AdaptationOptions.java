package dev.unroll.cli.lm;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.model.CachedModel;
import dev.unroll.model.DynamicModel;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.TokenModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a model takes after the text that it reads, while it is measured. */
final class AdaptationOptions {

  @Option(
      names = "--cache",
      description =
          "Use a cache of recent tokens (Grave et al. 2017), which makes words likelier that"
              + " occurred after similar outputs of the network.")
  boolean cache;

  @Option(
      names = "--cache-window",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Tokens in the cache. Default: ${DEFAULT-VALUE}.")
  int window = 2000;

  @Option(
      names = "--cache-theta",
      paramLabel = "X",
      defaultValue = "0.3",
      description = "Sharpness of the similarity (theta). Default: ${DEFAULT-VALUE}.")
  double theta = 0.3;

  @Option(
      names = "--cache-lambda",
      paramLabel = "X",
      defaultValue = "0.1",
      description = "Weight of the cache in the probability (lambda). Default: ${DEFAULT-VALUE}.")
  double lambda = 0.1;

  @Option(
      names = "--cache-tune",
      paramLabel = "FILE",
      description = "Find theta and lambda on this held-out text.")
  @Nullable Path tune;

  @Option(
      names = "--dynamic",
      description =
          "Train on each window after scoring it (dynamic evaluation, Krause et al. 2018)."
              + " The model file does not change.")
  boolean dynamic;

  @Option(
      names = "--dynamic-statistics",
      paramLabel = "FILE",
      description = "The training text, whose gradients scale the step of each parameter.")
  @Nullable Path statistics;

  @Option(
      names = "--dynamic-rate",
      paramLabel = "X",
      description = "Learning rate. Default: 0.002 with --dynamic-statistics, else 0.1.")
  @Nullable Double rate;

  @Option(
      names = "--dynamic-decay",
      paramLabel = "X",
      defaultValue = "0.001",
      description =
          "How strongly parameters are pulled back to those in the file. Default:"
              + " ${DEFAULT-VALUE}.")
  double decay = 0.001;

  @Option(
      names = "--dynamic-steps",
      paramLabel = "N",
      defaultValue = "20",
      description = "Tokens between two updates. Default: ${DEFAULT-VALUE}.")
  int steps = 20;

  /** Returns the model as these options change it. */
  TokenModel apply(TokenModel model, Path file, Workers workers, PrintWriter err) {
    check();
    if (!cache && !dynamic) {
      return model;
    }
    if (!(model instanceof LanguageModel network)) {
      throw InputException.in(
          file, "is not a network, so it has no cache and cannot learn", "Use a model of train.");
    }
    return cache ? cached(network, workers, err) : dynamic(network, workers);
  }

  private void check() {
    if (cache && dynamic) {
      throw new InputException("--cache cannot be combined with --dynamic", "Choose one.");
    }
    if (!cache && (tune != null || window != 2000 || theta != 0.3 || lambda != 0.1)) {
      throw new InputException("the cache's options do nothing here", "Add --cache.");
    }
    if (tune != null && (theta != 0.3 || lambda != 0.1)) {
      throw new InputException(
          "--cache-theta and --cache-lambda cannot be combined with --cache-tune",
          "Leave one or the other out.");
    }
    if (!dynamic && (statistics != null || rate != null || decay != 0.001 || steps != 20)) {
      throw new InputException(
          "the options of dynamic evaluation do nothing here", "Add --dynamic.");
    }
  }

  private TokenModel cached(LanguageModel model, Workers workers, PrintWriter err) {
    Path heldOut = tune;
    if (heldOut == null) {
      return new CachedModel(model, window, theta, lambda);
    }
    var text = EvaluationReport.corpus(model, heldOut);
    CachedModel tuned = CachedModel.tuned(model, window, text, workers);
    err.println(
        String.format(
            Locale.ROOT,
            "found on %s:  --cache-theta %s --cache-lambda %.4f",
            heldOut,
            tuned.theta(),
            tuned.lambda()));
    return tuned;
  }

  private TokenModel dynamic(LanguageModel model, Workers workers) {
    Path text = statistics;
    double chosen = rate != null ? rate : text != null ? 0.002 : 0.1;
    var options = new DynamicModel.Options(chosen, decay, steps);
    return text == null
        ? DynamicModel.plain(model, options)
        : DynamicModel.scaled(model, options, EvaluationReport.corpus(model, text), workers);
  }
}
