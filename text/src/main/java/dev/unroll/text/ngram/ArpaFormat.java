package dev.unroll.text.ngram;

import dev.unroll.data.Tokenizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The marks of the ARPA format, and how tokens are written in it. */
final class ArpaFormat {

  static final String TOKENIZER = "# unroll.tokenizer ";
  static final String PROVENANCE = "# unroll.provenance ";
  static final String DATA = "\\data\\";
  static final String LAST = "\\end\\";
  static final String BEGIN = "<s>";
  static final String END = "</s>";
  static final String UNKNOWN = "<unk>";

  /** The natural logarithm of 10: the format has logarithms to base 10. */
  static final double LOG_10 = StrictMath.log(10);

  /** log₁₀ of no probability, as SRILM writes it. */
  static final double NEVER = -99;

  private static final List<String> MARKS = List.of(BEGIN, END, UNKNOWN, "<UNK>");
  private static final Pattern ESCAPE = Pattern.compile("<U\\+([0-9A-F]{1,6})>");

  private ArpaFormat() {}

  /** Returns the title of the section of n-grams of a length. */
  static String title(int n) {
    return "\\" + n + "-grams:";
  }

  /** Returns whether a name stands for something other than a token. */
  static boolean isMark(String name) {
    return MARKS.contains(name);
  }

  /** Returns how a word is written; {@code start} stands for the beginning of a sentence. */
  static String name(Tokenizer tokenizer, int start, int word) {
    if (word == start) {
      return BEGIN;
    }
    if (word == tokenizer.endOfSentence()) {
      return END;
    }
    return word == tokenizer.unknown() ? UNKNOWN : escaped(tokenizer.token(word));
  }

  private static String escaped(String token) {
    var name = new StringBuilder();
    // What looks like a mark of the format, or like an escape, is escaped from its first character.
    boolean mark = isMark(token) || token.contains("<U+");
    token
        .codePoints()
        .forEach(
            c -> {
              boolean white = Character.isWhitespace(c) || Character.isSpaceChar(c);
              if (white || (mark && c == '<')) {
                name.append(String.format(Locale.ROOT, "<U+%X>", c));
              } else {
                name.appendCodePoint(c);
              }
            });
    return name.toString();
  }

  /** Returns the token that is written as {@code name}. */
  static String unescaped(String name) {
    if (!name.contains("<U+")) {
      return name;
    }
    return ESCAPE
        .matcher(name)
        .replaceAll(found -> Matcher.quoteReplacement(character(found.group(1), found.group())));
  }

  /** Returns the character with a number, or the text as it is where there is none. */
  private static String character(String hexadecimal, String text) {
    int point = Integer.parseInt(hexadecimal, 16);
    return Character.isValidCodePoint(point) ? Character.toString(point) : text;
  }
}
