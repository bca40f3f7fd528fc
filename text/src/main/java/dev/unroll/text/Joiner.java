package dev.unroll.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Puts the tokens of lines together, one after another: says what stands between two tokens. For
 * one thread; {@link Segmentation} chooses the one that fits.
 */
abstract class Joiner {

  /** The mark at the beginning of a word that is split further. */
  static final String WORD_BEGINS = "▁";

  /** Stands for the beginning of a line. */
  private static final int NOTHING = -1;

  /** The character before, from which follows whether a blank belongs after it. */
  private int last;

  /**
   * Goes on after a text.
   *
   * @param before the text; empty, or with a line end last, where a line begins
   */
  Joiner(String before) {
    last = before.isEmpty() ? NOTHING : before.codePointBefore(before.length());
  }

  /** Returns what a token adds to its line, with the blank before it where one belongs there. */
  final String add(String token) {
    String text = text(token);
    last = text.isEmpty() ? last : text.codePointBefore(text.length());
    return text;
  }

  /** Ends the line, and returns what is left of it: a character that was not completed. */
  final String endLine() {
    last = NOTHING;
    return rest();
  }

  abstract String text(String token);

  String rest() {
    return "";
  }

  /**
   * Returns what decides how the next token is written: one of a few numbers, 0 where nothing is
   * put before it.
   */
  int context() {
    return isAfterText() ? 1 : 0;
  }

  /** Returns a text for each context, after which it holds. */
  List<String> contexts() {
    return List.of("", "x");
  }

  /** Whether something stands before that is no blank. */
  final boolean isAfterText() {
    return last != NOTHING && !isBlank(last);
  }

  /** Whether a character ends a token. */
  boolean isBlank(int character) {
    return Character.isWhitespace(character);
  }

  final int last() {
    return last;
  }

  /** Tokens are characters, and blanks among them. */
  static final class OfCharacters extends Joiner {
    OfCharacters(String before) {
      super(before);
    }

    @Override
    String text(String token) {
      return token;
    }

    @Override
    int context() {
      return 0;
    }

    @Override
    List<String> contexts() {
      return List.of("");
    }
  }

  /** A byte is the character of the same number; a special token has no byte. */
  static final class OfBytes extends Joiner {
    private final CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);

    /** The bytes of a character that is not complete. */
    private final ByteBuffer bytes = ByteBuffer.allocate(8);

    private final CharBuffer decoded = CharBuffer.allocate(16);

    OfBytes(String before) {
      super(before);
    }

    @Override
    String text(String token) {
      bytes.put((byte) (token.length() == 1 ? token.charAt(0) : '?'));
      return decode(false);
    }

    @Override
    String rest() {
      return decode(true);
    }

    private String decode(boolean all) {
      bytes.flip();
      decoded.clear();
      decoder.decode(bytes, decoded, all);
      if (all) {
        decoder.flush(decoded);
        decoder.reset();
      }
      bytes.compact();
      return decoded.flip().toString();
    }
  }

  /** A blank stands between two tokens. */
  static final class OfTokens extends Joiner {
    OfTokens(String before) {
      super(before);
    }

    @Override
    String text(String token) {
      return isAfterText() ? " " + token : token;
    }
  }

  /** The mark of a word that begins becomes a blank. */
  static final class OfPieces extends Joiner {
    OfPieces(String before) {
      super(before);
    }

    @Override
    String text(String token) {
      String text = token.replace(WORD_BEGINS, " ");
      return text.startsWith(" ") && !isAfterText() ? text.substring(1) : text;
    }
  }

  /** Blanks as they are usually written between words and punctuation. */
  static final class OfWords extends Joiner {
    private static final String CLOSING = ".,;:!?)]}%…”’»、。，；：！？）」』";
    private static final String OPENING = "([{$“‘«（「『";

    /** The context after a script that is written without blanks. */
    private static final int DENSE = 2;

    OfWords(String before) {
      super(before);
    }

    @Override
    String text(String token) {
      return needsBlank(token) ? " " + token : token;
    }

    /** Also no-break spaces, which no word contains. */
    @Override
    boolean isBlank(int character) {
      return Character.isWhitespace(character) || Character.isSpaceChar(character);
    }

    @Override
    int context() {
      boolean free = isAfterText() && OPENING.indexOf(last()) < 0;
      return !free ? 0 : isWrittenWithoutBlanks(last()) ? DENSE : 1;
    }

    @Override
    List<String> contexts() {
      return List.of("", "x", "。");
    }

    private boolean needsBlank(String token) {
      int context = context();
      boolean dense = context == DENSE && isWrittenWithoutBlanks(token.codePointAt(0));
      return context > 0 && !dense && !CLOSING.contains(token);
    }

    private static boolean isWrittenWithoutBlanks(int character) {
      return switch (Character.UnicodeScript.of(character)) {
        case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
        default -> "、。，；：！？）（「」『』".indexOf(character) >= 0;
      };
    }
  }
}
