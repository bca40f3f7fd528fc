package dev.unroll.cli.lm;

import dev.unroll.cli.option.KeptInModel;
import dev.unroll.network.Network;
import java.util.Map;
import picocli.CommandLine.Option;

/** The output of a language model. */
@KeptInModel
final class HeadOptions {

  @Option(
      names = "--tied",
      description =
          "Share the weights of the embedding and the output layer: fewer parameters, often"
              + " better.")
  boolean tied;

  @Option(
      names = "--adaptive-softmax",
      paramLabel = "ID",
      split = ",",
      description =
          "Adaptive softmax, with the ids at which clusters of rarer tokens begin, such as"
              + " 2000,10000. Faster for large vocabularies. Default: a plain softmax.")
  Integer[] cutoffs = {};

  /** The same network with this output. */
  Network of(Network network) {
    return network.withTied(tied).withAdaptiveSoftmax(cutoffs);
  }

  /** Puts what a model has of these options into a map, by their names. */
  static void describe(Network own, Map<String, Object> shape) {
    shape.put("--tied", own.tied());
    shape.put("--adaptive-softmax", own.cutoffs());
  }
}
