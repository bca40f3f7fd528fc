package dev.unroll.cli.label;

import dev.unroll.base.InputException;
import dev.unroll.data.LabeledSequence;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Data that are cut into folds: a network is tested on one, trained on a part of the rest, and
 * chosen by the other part of it.
 *
 * @param all the data
 * @param count number of folds
 * @param share share of the rest that chooses the best network
 */
record Folds(List<LabeledSequence> all, int count, double share) {

  /** Returns what a fold is tested on. */
  List<LabeledSequence> tested(int fold) {
    return LabeledSequence.fold(all, fold, count, true);
  }

  /** Returns a part to train on and one to validate on. */
  List<List<LabeledSequence>> rest(int fold) {
    return LabeledSequence.cut(LabeledSequence.fold(all, fold, count, false), share);
  }

  /** Refuses more folds than data; {@code what} is what the data are called. */
  void check(String what) {
    if (count > all.size()) {
      throw new InputException(
          "--cross-validate is %d, but there are only %d %s".formatted(count, all.size(), what),
          "Give a smaller number.");
    }
    for (int fold = 0; fold < count; fold++) {
      if (tested(fold).isEmpty()) { // groups are not cut
        throw new InputException(
            "--cross-validate is %d, but there are only %d groups".formatted(count, filled()),
            "Give a smaller number.");
      }
      if (rest(fold).stream().anyMatch(List::isEmpty)) {
        throw new InputException(
            "of %,d %s nothing is left to train or to validate on in fold %d"
                .formatted(all.size(), what, fold + 1),
            "Give more data, or a larger --valid-share.");
      }
    }
  }

  private long filled() {
    return IntStream.range(0, count).filter(fold -> !tested(fold).isEmpty()).count();
  }
}
