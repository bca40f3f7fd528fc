package dev.unroll.measure;

import dev.unroll.base.InputException;
import dev.unroll.result.ErrorRates;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Counts the edits from texts to what was wanted. */
public final class TextErrors {

  private TextErrors() {}

  /**
   * Measures texts.
   *
   * @param found the texts
   * @param wanted of each text what is wanted, one or several; the nearest one counts
   * @param cutter cuts a text into tokens
   * @throws InputException if there are none
   */
  public static ErrorRates of(
      List<String> found, List<List<String>> wanted, Function<String, List<String>> cutter) {
    if (found.isEmpty()) {
      throw new InputException("there is nothing to measure on", "Give a text or more.");
    }
    var sum = ErrorRates.NONE;
    for (int i = 0; i < found.size(); i++) {
      sum = sum.plus(nearest(found.get(i), wanted.get(i), cutter));
    }
    return sum;
  }

  /** Measures a text by the nearest of those wanted, the first of equally near ones. */
  public static ErrorRates nearest(
      String found, List<String> wanted, Function<String, List<String>> cutter) {
    List<String> own = cutter.apply(found);
    List<String> best = List.of();
    @Nullable String nearest = null;
    int least = Integer.MAX_VALUE;
    for (String each : wanted) {
      List<String> other = cutter.apply(each);
      int edits = EditDistance.of(own, other);
      if (edits < least) {
        least = edits;
        best = other;
        nearest = each;
      }
    }
    if (nearest == null) {
      return new ErrorRates(1, 0, 0, 0, 0, 0);
    }
    List<Integer> letters = letters(nearest);
    int edits = EditDistance.of(letters(found), letters);
    return new ErrorRates(1, least == 0 ? 1 : 0, least, best.size(), edits, letters.size());
  }

  private static List<Integer> letters(String text) {
    return text.codePoints().boxed().toList();
  }
}
