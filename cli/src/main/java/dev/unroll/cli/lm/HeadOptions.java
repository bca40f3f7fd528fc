package dev.unroll.cli.lm;

import dev.unroll.cli.option.KeptInModel;
import dev.unroll.network.Network;
import java.util.Arrays;
import java.util.List;
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
              + " 2000,10000; 0 for a plain softmax. Faster for large vocabularies. Default:"
              + " 2000,8000 for more than 9,000 tokens, unless --tied or sampled.")
  Integer[] cutoffs = {};

  /** The same network with this output. */
  Network of(Network network) {
    Network own = network.withTied(tied);
    return isPlain() ? own : own.withAdaptiveSoftmax(cutoffs);
  }

  /** Whether a plain softmax was asked for. */
  boolean isPlain() {
    return Arrays.equals(cutoffs, new Integer[] {0});
  }

  /** Puts what a model has of these options into a map, by their names. */
  static void describe(Network own, Map<String, Object> shape) {
    shape.put("--tied", own.tied());
    shape.put("--adaptive-softmax", own.cutoffs().isEmpty() ? List.of(0) : own.cutoffs());
  }
}
