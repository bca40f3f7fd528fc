package dev.unroll.result;

import dev.unroll.base.Labeled;

/** What says how good a network that labels is, and so chooses the best in a run. */
public enum LabelMeasure implements Labeled {
  /** The mean loss, of which less is better. */
  LOSS,
  /** The share of texts that have exactly their own labels, or of tokens that have their own. */
  ACCURACY,
  /** The mean F1 of all labels. */
  MACRO_F1,
  /** F1 of all labels counted together, where a text may have several. */
  MICRO_F1,
  /** F1 of spans by conlleval's rules, where tags describe spans. */
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
