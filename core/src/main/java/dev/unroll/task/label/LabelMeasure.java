package dev.unroll.task.label;

import dev.unroll.data.LabeledSequence;
import dev.unroll.file.InputException;
import dev.unroll.file.Labeled;
import dev.unroll.measure.LabelScore;
import dev.unroll.measure.Span;
import dev.unroll.measure.SpanScore;
import dev.unroll.train.Learner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  /** Refuses a task of which this is no measure. */
  void check(LabelTask task) {
    boolean fits =
        switch (this) {
          case SPAN_F1 -> task.perStep() && Span.areDescribedBy(task.labels().names());
          case MICRO_F1 -> task.multiLabel();
          default -> true;
        };
    if (!fits) {
      throw new InputException(
          this == SPAN_F1
              ? "the measure span-f1 is of tags that describe spans, which these do not"
              : "the measure micro-f1 is of texts that may have several labels",
          "Use loss, accuracy or macro-f1.");
    }
  }

  /**
   * Returns what judges labels of {@code wanted}, whose labels are known.
   *
   * @param strict whether the measure decides even where it differs by less than its error
   */
  LabelJudge judge(LabelTask task, List<LabeledSequence> wanted, boolean strict) {
    List<String> names = task.labels().names();
    return found -> {
      var texts = new ArrayList<List<String>>();
      for (int[] each : found) {
        texts.add(Arrays.stream(each).mapToObj(names::get).toList());
      }
      Learner.Measure measure = of(texts, wanted, task.perStep());
      return strict && measure != null
          ? new Learner.Measure(measure.name(), measure.value())
          : measure;
    };
  }

  private Learner.@Nullable Measure of(
      List<List<String>> found, List<LabeledSequence> wanted, boolean perStep) {
    if (this == LOSS) {
      return null;
    }
    var there = wanted.stream().map(LabeledSequence::labels).toList();
    if (this == SPAN_F1) {
      SpanScore score = SpanScore.of(found, there);
      return Learner.Measure.ofShare(label(), score.f1(), score.wanted());
    }
    LabelScore score = score(found, there, perStep);
    double value =
        switch (this) {
          case MACRO_F1 -> score.macroF1();
          case MICRO_F1 -> score.microF1();
          default -> score.accuracy();
        };
    long items = perStep ? there.stream().mapToLong(List::size).sum() : there.size();
    return Learner.Measure.ofShare(label(), value, items);
  }

  /** Compares the labels of texts, or those of tokens one by one. */
  static LabelScore score(List<List<String>> found, List<List<String>> wanted, boolean perStep) {
    return LabelScore.of(items(found, perStep), items(wanted, perStep));
  }

  private static List<Set<String>> items(List<List<String>> labels, boolean perStep) {
    return perStep
        ? labels.stream().flatMap(List::stream).map(Set::of).toList()
        : labels.stream().<Set<String>>map(Set::copyOf).toList();
  }
}
