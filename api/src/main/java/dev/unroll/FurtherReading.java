package dev.unroll;

import dev.unroll.base.InputException;
import dev.unroll.data.IdStream;
import dev.unroll.model.Forecaster;
import dev.unroll.model.LanguageModel;
import dev.unroll.text.Calendar;
import dev.unroll.text.Gaps;
import dev.unroll.text.table.SeriesReading;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is read to train a model further. */
final class FurtherReading {

  private FurtherReading() {}

  /** A language model reads from one side, and labels, or none. */
  static void check(LanguageModel model, IdStream text) {
    if (text.isBackward() && !model.isBackward()) {
      throw new InputException(
          "the model reads from left to right, it cannot be trained further from right to left",
          "Leave {backward} out, or train another model.");
    }
    boolean own = model.network().condition() != null;
    if (own != (text.condition() != null)) {
      throw new InputException(
          own
              ? "the model writes for labels or numbers, but the text has none"
              : "the text was written for labels or numbers, but the model reads none",
          own
              ? "Give tables, and name their column with {given-column}."
              : "Give text without labels, or train another model.");
    }
  }

  /**
   * Returns how series are read: what the model reads is its own.
   *
   * @param how what the user chose
   * @param wanted what the user wants of missing rows and numbers; null for what the model does
   */
  static SeriesReading of(Forecaster model, SeriesReading how, @Nullable Gaps wanted) {
    List<Calendar> parts = how.calendar();
    if (!how.form().holidays().isEmpty()
        && SeriesReading.of(model.provenance()).form().holidays().isEmpty()
        && !parts.contains(Calendar.BUSINESS)
        && !parts.contains(Calendar.HOLIDAY)) {
      throw new InputException(
          "holidays do nothing: the model that is trained further reads none",
          "Leave {holidays} out.");
    }
    if (wanted == null) {
      return how;
    }
    boolean masked = model.forecasting().masked();
    if (masked != (wanted == Gaps.MASK)) {
      throw new InputException(
          "gaps are "
              + wanted.label()
              + ", but the model that is trained further "
              + (masked ? "reads what is missing" : "does not read what is missing"),
          masked ? "Leave {gaps} out." : "Take {gaps fill} or {gaps skip}, or train a new model.");
    }
    return how.withGaps(wanted);
  }
}
