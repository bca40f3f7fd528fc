package dev.unroll.task.label;

import dev.unroll.base.InputException;
import dev.unroll.data.LabeledSequence;
import dev.unroll.result.LabelMeasure;
import dev.unroll.result.LabelScore;
import dev.unroll.result.Span;
import dev.unroll.result.SpanScore;
import dev.unroll.train.Validation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How labels are measured by a {@link LabelMeasure}. */
public final class LabelMeasures {

  private LabelMeasures() {}

  /** Refuses a task of which this is no measure. */
  static void check(LabelMeasure measure, LabelTask task) {
    boolean fits =
        switch (measure) {
          case SPAN_F1 -> task.perStep() && Span.areDescribedBy(task.labels().names());
          case MICRO_F1 -> task.multiLabel();
          default -> true;
        };
    if (!fits) {
      throw new InputException(
          measure == LabelMeasure.SPAN_F1
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
  static LabelJudge judge(
      LabelMeasure measure, List<LabeledSequence> wanted, LabelTask task, boolean strict) {
    return found -> {
      var texts = new ArrayList<List<String>>();
      for (int[] each : found) {
        texts.add(Arrays.stream(each).mapToObj(task.labels().names()::get).toList());
      }
      Validation.Measure judged = of(measure, texts, wanted, task.perStep());
      return strict && judged != null
          ? new Validation.Measure(judged.name(), judged.value())
          : judged;
    };
  }

  private static Validation.@Nullable Measure of(
      LabelMeasure measure,
      List<List<String>> found,
      List<LabeledSequence> wanted,
      boolean perStep) {
    if (measure == LabelMeasure.LOSS) {
      return null;
    }
    var there = wanted.stream().map(LabeledSequence::labels).toList();
    if (measure == LabelMeasure.SPAN_F1) {
      SpanScore score = SpanScore.of(found, there);
      return Validation.Measure.ofShare(measure.label(), score.f1(), score.wanted());
    }
    LabelScore score = score(found, there, perStep);
    double value =
        switch (measure) {
          case MACRO_F1 -> score.macroF1();
          case MICRO_F1 -> score.microF1();
          default -> score.accuracy();
        };
    long items = perStep ? there.stream().mapToLong(List::size).sum() : there.size();
    return Validation.Measure.ofShare(measure.label(), value, items);
  }

  /** Compares the labels of texts, or those of tokens one by one. */
  public static LabelScore score(
      List<List<String>> found, List<List<String>> wanted, boolean perStep) {
    return LabelScore.of(items(found, perStep), items(wanted, perStep));
  }

  private static List<Set<String>> items(List<List<String>> labels, boolean perStep) {
    return perStep
        ? labels.stream().flatMap(List::stream).map(Set::of).toList()
        : labels.stream().<Set<String>>map(Set::copyOf).toList();
  }
}
