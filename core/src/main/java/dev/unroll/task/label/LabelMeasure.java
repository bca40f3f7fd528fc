package dev.unroll.task.label;

import dev.unroll.data.LabeledSequence;
import dev.unroll.file.InputException;
import dev.unroll.measure.LabelScore;
import dev.unroll.measure.SpanScore;
import dev.unroll.train.Learner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What says how good a network that labels is, and so chooses the best in a run. */
public enum LabelMeasure {
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

  /** Returns the name that users give and model files have. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the measure with a label. */
  public static LabelMeasure of(String label) {
    for (LabelMeasure measure : values()) {
      if (measure.label().equals(label)) {
        return measure;
      }
    }
    throw new InputException(
        "no measure is called " + label,
        "Use loss, accuracy, macro-f1, micro-f1 (of several labels) or span-f1 (of tags).");
  }

  /** Returns what judges labels of {@code wanted}, whose labels are known. */
  LabelJudge judge(List<LabeledSequence> wanted, List<String> names, boolean ofSteps) {
    return found -> {
      var texts = new ArrayList<List<String>>();
      for (int[] each : found) {
        texts.add(Arrays.stream(each).mapToObj(names::get).toList());
      }
      return of(texts, wanted, ofSteps);
    };
  }

  private Learner.@Nullable Measure of(
      List<List<String>> found, List<LabeledSequence> wanted, boolean ofSteps) {
    if (this == LOSS) {
      return null;
    }
    var there = wanted.stream().map(LabeledSequence::labels).toList();
    if (this == SPAN_F1) {
      return new Learner.Measure(label(), SpanScore.of(found, there).f1());
    }
    LabelScore score = score(found, there, ofSteps);
    double value =
        switch (this) {
          case MACRO_F1 -> score.macroF1();
          case MICRO_F1 -> score.microF1();
          default -> score.accuracy();
        };
    return new Learner.Measure(label(), value);
  }

  /** Compares the labels of texts, or those of tokens one by one. */
  static LabelScore score(List<List<String>> found, List<List<String>> wanted, boolean ofSteps) {
    return LabelScore.of(items(found, ofSteps), items(wanted, ofSteps));
  }

  private static List<Set<String>> items(List<List<String>> labels, boolean ofSteps) {
    return ofSteps
        ? labels.stream().flatMap(List::stream).map(Set::of).toList()
        : labels.stream().<Set<String>>map(Set::copyOf).toList();
  }
}
