package dev.unroll.cli.lm;

import dev.unroll.cli.option.KeptInModel;
import dev.unroll.network.Network;
import picocli.CommandLine.Option;

/** The output of a language model. */
@KeptInModel
final class HeadOptions {

  @Option(
      names = "--tied",
      description =
          "Use the embedding's weights for the output too: fewer parameters, often better.")
  boolean tied;

  @Option(
      names = "--adaptive-softmax",
      paramLabel = "ID",
      split = ",",
      description =
          "Adaptive softmax: the ids at which its clusters of rarer tokens begin, such as 2000,10000."
              + " Faster where the vocabulary is large. Default: a plain softmax.")
  Integer[] cutoffs = {};

  /** The same network with this output. */
  Network of(Network network) {
    return network.withTied(tied).withAdaptiveSoftmax(cutoffs);
  }
}
