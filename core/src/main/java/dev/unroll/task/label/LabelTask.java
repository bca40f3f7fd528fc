package dev.unroll.task.label;

import dev.unroll.base.InputException;
import dev.unroll.data.Lexicon;
import java.util.Locale;

/**
 * A network that is to be trained to label, and what it reads and writes.
 *
 * @param lexicon how tokens become ids
 * @param labels what the labels are called
 * @param network description of the network
 * @param vectors vectors of tokens that were trained before
 */
public record LabelTask(Lexicon lexicon, Labels labels, LabelSpec network, TokenVectors vectors) {

  /** Checks that the parts fit. */
  public LabelTask {
    if (labels.names().size() < 2 && !multiLabel(network)) {
      throw new InputException(
          "all have one label, «" + labels.names().getFirst() + "»",
          "Name the right column with "
              + (network.output() instanceof LabelSpec.PerStep ? "{tags}" : "{label}")
              + ", or give data of two labels or more.");
    }
    if (network.output().labels() != labels.names().size()
        || network.features().size() != labels.columns().size()
        || (network.spelling() != null && lexicon.characters() == 0)) {
      throw new IllegalArgumentException("the network is not one of these labels and columns");
    }
    if (network.ngrams() > 0) {
      throw new IllegalArgumentException("n-grams are counted at the end of training, not before");
    }
    int width = network.network().embeddingWidth();
    for (float[] row : vectors.rows().values()) {
      if (row.length != width) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "vectors of width %d, where the embedding is %d wide",
                row.length,
                width),
            "Make the embedding as wide as the vectors.");
      }
    }
  }

  private static boolean multiLabel(LabelSpec network) {
    return network.output() instanceof LabelSpec.PerSequence whole && whole.multiLabel();
  }

  /** Whether a text may have any number of labels. */
  public boolean multiLabel() {
    return multiLabel(network);
  }

  /** Whether each token has a label. */
  public boolean perStep() {
    return network.output() instanceof LabelSpec.PerStep;
  }

  /** Builds the network. */
  public LabelNetwork build() {
    return new LabelNetwork(network, lexicon.size(), lexicon.characters());
  }
}
