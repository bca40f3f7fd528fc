package dev.unroll.text;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacterCategory;
import com.ibm.icu.lang.UProperty;

/**
 * Tells symbols from punctuation by Unicode, as ICU knows it, so that every JVM says the same: what
 * is not of a category of punctuation (P…) is a symbol. So are emoji whose first character Unicode
 * counts as punctuation (#️⃣, ‼️), and a few signs that stand for a word, as € and ° do.
 */
final class Symbols {

  /** Category Po, but read aloud: section, paragraph, percent, per mille, and. */
  private static final String SIGNS = "§¶%‰‱&٪؉؊％﹪＆﹠";

  /** Makes an emoji of the character before it. */
  private static final String EMOJI_STYLE = "\uFE0F";

  private static final String KEYCAP = "\u20E3";

  private Symbols() {}

  /** Returns whether a token that is not a word is a symbol. */
  static boolean has(String token) {
    int first = token.codePointAt(0);
    return isVisible(token)
        && (!isPunctuation(first) || SIGNS.indexOf(first) >= 0 || isEmoji(first, token));
  }

  /** Format and control characters alone are nothing to read. */
  private static boolean isVisible(String token) {
    return !token
        .codePoints()
        .allMatch(
            c ->
                UCharacter.hasBinaryProperty(c, UProperty.DEFAULT_IGNORABLE_CODE_POINT)
                    || UCharacter.getType(c) == UCharacterCategory.FORMAT
                    || UCharacter.getType(c) == UCharacterCategory.CONTROL);
  }

  private static boolean isPunctuation(int character) {
    return switch (UCharacter.getType(character)) {
      case UCharacterCategory.CONNECTOR_PUNCTUATION,
          UCharacterCategory.DASH_PUNCTUATION,
          UCharacterCategory.START_PUNCTUATION,
          UCharacterCategory.END_PUNCTUATION,
          UCharacterCategory.INITIAL_PUNCTUATION,
          UCharacterCategory.FINAL_PUNCTUATION,
          UCharacterCategory.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  private static boolean isEmoji(int first, String token) {
    return UCharacter.hasBinaryProperty(first, UProperty.EMOJI)
        && (token.contains(EMOJI_STYLE) || token.contains(KEYCAP));
  }
}
