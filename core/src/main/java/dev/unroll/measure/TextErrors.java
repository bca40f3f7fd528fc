package dev.unroll.measure;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How far texts are from what was wanted: edits (Levenshtein 1966) summed over all texts, as a
 * share of the tokens or characters wanted.
 *
 * @param texts number of texts
 * @param exact how many of them are what was wanted, token by token
 * @param tokens edits of tokens
 * @param wantedTokens tokens of what was wanted
 * @param characters edits of characters (code points)
 * @param wantedCharacters characters of what was wanted
 */
public record ErrorRates(
    long texts,
    long exact,
    long tokens,
    long wantedTokens,
    long characters,
    long wantedCharacters) {

  private static final ErrorRates NONE = new ErrorRates(0, 0, 0, 0, 0, 0);

  /** Returns the share of texts that are what was wanted; NaN without texts. */
  public double exactMatch() {
    return (double) exact / texts;
  }

  /** Returns the edits of tokens as a share of the tokens wanted. */
  public double tokenRate() {
    return tokens / (double) Math.max(1, wantedTokens);
  }

  /** Returns the edits of characters as a share of the characters wanted. */
  public double characterRate() {
    return characters / (double) Math.max(1, wantedCharacters);
  }

  /**
   * Measures texts.
   *
   * @param found the texts
   * @param wanted of each text what is wanted, one or several; the nearest one counts
   * @param cutter cuts a text into tokens
   */
  public static ErrorRates of(
      List<String> found, List<List<String>> wanted, Function<String, List<String>> cutter) {
    var sum = NONE;
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

  private ErrorRates plus(ErrorRates other) {
    return new ErrorRates(
        texts + other.texts,
        exact + other.exact,
        tokens + other.tokens,
        wantedTokens + other.wantedTokens,
        characters + other.characters,
        wantedCharacters + other.wantedCharacters);
  }

  private static List<Integer> letters(String text) {
    return text.codePoints().boxed().toList();
  }
}
