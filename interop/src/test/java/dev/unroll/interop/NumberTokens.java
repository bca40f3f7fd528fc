package dev.unroll.interop;

import dev.unroll.text.Segmentation;
import dev.unroll.text.WordLexicon;
import java.util.stream.IntStream;

/** Tokens that are numbers, such as {@code 7 3 12}: of each id but 0 and 1, the marks. */
public final class NumberTokens {

  private NumberTokens() {}

  /** So many tokens, both marks included. */
  public static WordLexicon of(int size) {
    var tokens = IntStream.range(2, size).mapToObj(Integer::toString).toList();
    return WordLexicon.of(Segmentation.of(Segmentation.Unit.TOKENS), tokens);
  }
}
