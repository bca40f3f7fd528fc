package dev.unroll.cli.label;

import dev.unroll.model.Classifier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** From which probability on a text has a label, where it may have several. */
final class ThresholdOption {

  @Option(
      names = "--threshold",
      paramLabel = "X",
      description =
          "For models with several labels per text: predict the labels that are at least this"
              + " likely. Default: for each label, what was best in training.")
  @Nullable Double threshold;

  /** The same classifier, with the threshold that is asked for. */
  Classifier of(Classifier classifier) {
    return threshold == null ? classifier : classifier.withThreshold(threshold);
  }
}
