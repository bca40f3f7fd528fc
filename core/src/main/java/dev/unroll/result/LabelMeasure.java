package dev.unroll.result;

import dev.unroll.base.Labeled;

/** The measure of a labeling network, which selects the best parameters of a run. */
public enum LabelMeasure implements Labeled {
  /** The mean loss; lower is better. */
  LOSS,
  /** The share of texts with exactly their labels, or of tokens with their label. */
  ACCURACY,
  /** The mean F1 of all labels. */
  MACRO_F1,
  /** F1 over all labels counted together, for several labels per text. */
  MICRO_F1,
  /** Span F1 by conlleval's rules, if tags describe spans. */
  SPAN_F1;

  /** Returns the measure with a label. */
  public static LabelMeasure of(String label) {
    return Labeled.of(
        values(),
        label,
        "no measure is called ",
        "Use loss, accuracy, macro-f1, micro-f1 (of several labels) or span-f1 (of tags).");
  }
}
