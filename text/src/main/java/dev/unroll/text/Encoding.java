package dev.unroll.text;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * How the characters of a text become bytes. Files begin with the mark of their encoding (a byte
 * order mark), or are UTF-8.
 */
enum Encoding {
  // UTF-32LE comes before UTF-16LE, whose mark begins its own
  UTF_32LE("\u00FF\u00FE\0\0", 4, StandardCharsets.UTF_32LE),
  UTF_32BE("\0\0\u00FE\u00FF", 4, StandardCharsets.UTF_32BE),
  UTF_16LE("\u00FF\u00FE", 2, StandardCharsets.UTF_16LE),
  UTF_16BE("\u00FE\u00FF", 2, StandardCharsets.UTF_16BE),
  UTF_8("\u00EF\u00BB\u00BF", 1, StandardCharsets.UTF_8);

  /** Its bytes, as the characters of the same numbers. */
  private final String mark;

  private final int width;
  private final Charset charset;

  Encoding(String mark, int width, Charset charset) {
    this.mark = mark;
    this.width = width;
    this.charset = charset;
  }

  /** Returns the bytes of the smallest part of a character. */
  int width() {
    return width;
  }

  Charset charset() {
    return charset;
  }

  /** Returns the bytes of the mark. */
  int markLength() {
    return mark.length();
  }

  /** Returns whether some bytes begin with the mark. */
  boolean begins(byte[] bytes, int count) {
    return count >= mark.length() && agrees(bytes, mark.length());
  }

  /** Returns whether further bytes may show that a file begins with a mark. */
  static boolean mayBegin(byte[] bytes, int count) {
    for (Encoding each : values()) {
      if (count < each.mark.length() && each.agrees(bytes, count)) {
        return true;
      }
    }
    return false;
  }

  private boolean agrees(byte[] bytes, int count) {
    for (int i = 0; i < count; i++) {
      if ((bytes[i] & 0xFF) != mark.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether the {@link #width} bytes from {@code at} on are a line feed. */
  boolean isLineFeed(byte[] bytes, int at) {
    return switch (this) {
      case UTF_8 -> bytes[at] == '\n';
      case UTF_16LE -> bytes[at] == '\n' && bytes[at + 1] == 0;
      case UTF_16BE -> bytes[at + 1] == '\n' && bytes[at] == 0;
      case UTF_32LE ->
          bytes[at] == '\n' && bytes[at + 1] == 0 && bytes[at + 2] == 0 && bytes[at + 3] == 0;
      case UTF_32BE ->
          bytes[at + 3] == '\n' && bytes[at + 2] == 0 && bytes[at + 1] == 0 && bytes[at] == 0;
    };
  }
}
