package dev.unroll.batch;

import java.util.ArrayList;
import java.util.List;

/**
 * White space as Python's {@code str.split()} counts it, and with it sacreBLEU and most tools that
 * measure text: all that Unicode calls a space or a separator, no-break spaces included, and the
 * control characters U+0009 to U+000D, U+001C to U+001F and U+0085. Java's {@link
 * Character#isWhitespace} leaves out U+0085 and the no-break spaces U+00A0, U+2007 and U+202F.
 */
public final class WhiteSpace {

  private static final int NEXT_LINE = 0x85;

  private WhiteSpace() {}

  /** Returns whether a code point is white space. */
  public static boolean is(int character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || character == NEXT_LINE;
  }

  /** Returns what stands between white space; nothing is empty. */
  public static List<String> split(String text) {
    var words = new ArrayList<String>();
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean white = i == text.length() || is(text.charAt(i)); // all of them are below U+10000
      if (white && start >= 0) {
        words.add(text.substring(start, i));
        start = -1;
      } else if (!white && start < 0) {
        start = i;
      }
    }
    return words;
  }

  /** Returns a text without the white space at its end. */
  public static String stripEnd(String text) {
    int end = text.length();
    while (end > 0 && is(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }
}
