package dev.unroll.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Puts the tokens of lines together, one after another, as {@link Segmentation} cuts them: says
 * what stands between two tokens. For one thread.
 */
final class Joiner {

  private static final String CLOSING = ".,;:!?)]}%…”’»、。，；：！？）」』";
  private static final String OPENING = "([{$“‘«（「『";

  /** Stands for the beginning of a line. */
  private static final int NOTHING = -1;

  private final Segmentation.Unit unit;

  /** The character before, from which follows whether a blank belongs after it. */
  private int last;

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);

  /** The bytes of a character that is not complete. */
  private final ByteBuffer bytes = ByteBuffer.allocate(8);

  private final CharBuffer decoded = CharBuffer.allocate(16);

  /**
   * Creates a joiner that goes on after a text.
   *
   * @param before the text; empty, or with a line end last, where a line begins
   */
  Joiner(Segmentation.Unit unit, String before) {
    this.unit = unit;
    last = before.isEmpty() ? NOTHING : before.codePointBefore(before.length());
  }

  /** Returns what a token adds to its line, with the blank before it where one belongs there. */
  String add(String token) {
    String text =
        switch (unit) {
          case CHARACTERS -> token;
          case BYTES -> ofByte(token);
          case WORDS -> needsBlank(token) ? " " + token : token;
          case TOKENS -> isAfterText() ? " " + token : token;
          case BYTE_PAIRS -> ofPiece(token);
        };
    last = text.isEmpty() ? last : text.codePointBefore(text.length());
    return text;
  }

  /** Ends the line, and returns what is left of it: a character that was not completed. */
  String endLine() {
    last = NOTHING;
    return unit == Segmentation.Unit.BYTES ? decode(true) : "";
  }

  /** A byte is the character of the same number; a special token has no byte. */
  private String ofByte(String token) {
    bytes.put((byte) (token.length() == 1 ? token.charAt(0) : '?'));
    return decode(false);
  }

  private String decode(boolean last) {
    bytes.flip();
    decoded.clear();
    decoder.decode(bytes, decoded, last);
    if (last) {
      decoder.flush(decoded);
      decoder.reset();
    }
    bytes.compact();
    return decoded.flip().toString();
  }

  private String ofPiece(String token) {
    String text = token.replace(Segmentation.WORD_BEGINS, " ");
    return text.startsWith(" ") && !isAfterText() ? text.substring(1) : text;
  }

  private boolean isAfterText() {
    boolean blank =
        unit == Segmentation.Unit.WORDS ? Segmentation.isBlank(last) : Character.isWhitespace(last);
    return last != NOTHING && !blank;
  }

  private boolean needsBlank(String token) {
    if (!isAfterText() || CLOSING.contains(token)) {
      return false;
    }
    boolean dense = isWrittenWithoutBlanks(last) && isWrittenWithoutBlanks(token.codePointAt(0));
    return OPENING.indexOf(last) < 0 && !dense;
  }

  private static boolean isWrittenWithoutBlanks(int character) {
    return switch (Character.UnicodeScript.of(character)) {
      case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
      default -> "、。，；：！？）（「」『』".indexOf(character) >= 0;
    };
  }
}
