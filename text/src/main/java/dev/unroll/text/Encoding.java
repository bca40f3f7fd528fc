package dev.unroll.text;

import dev.unroll.base.InputException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How the characters of a text become bytes. Files begin with the mark of their encoding (a byte
 * order mark), or are in the encoding that their reader names, usually UTF-8.
 *
 * @param charset the encoding
 * @param mark the bytes with which files may begin, as the characters of the same numbers; empty
 *     for none
 * @param width the bytes of the smallest part of a character
 */
public record Encoding(Charset charset, String mark, int width) {

  /** What texts are in unless they say otherwise. */
  public static final Encoding UTF_8 =
      new Encoding(StandardCharsets.UTF_8, "\u00EF\u00BB\u00BF", 1);

  /** The name under which a model remembers the encoding of its texts. */
  public static final String KEPT = "encoding";

  // UTF-32LE comes before UTF-16LE, whose mark begins its own
  private static final List<Encoding> MARKED =
      List.of(
          new Encoding(StandardCharsets.UTF_32LE, "\u00FF\u00FE\0\0", 4),
          new Encoding(StandardCharsets.UTF_32BE, "\0\0\u00FE\u00FF", 4),
          new Encoding(StandardCharsets.UTF_16LE, "\u00FF\u00FE", 2),
          new Encoding(StandardCharsets.UTF_16BE, "\u00FE\u00FF", 2),
          UTF_8);

  /**
   * Returns an encoding by its name, such as windows-1252 or Shift_JIS.
   *
   * @throws InputException if this JVM does not know it
   */
  public static Encoding of(String name) {
    Charset found = Charset.forName(name.strip(), null);
    if (found == null) {
      throw new InputException(
          String.format(Locale.ROOT, "no encoding is called «%s»", name),
          "Such as UTF-8, windows-1252, ISO-8859-1, Shift_JIS, GB18030, KOI8-R or UTF-16LE.");
    }
    return of(found);
  }

  /**
   * Returns an encoding.
   *
   * @throws InputException if its line ends are not those of ASCII
   */
  public static Encoding of(Charset charset) {
    for (Encoding each : MARKED) {
      if (each.charset.equals(charset)) {
        return each;
      }
    }
    String name = charset.name();
    if (name.equals("UTF-16") || name.equals("UTF-32")) { // without a mark, as Unicode says
      return of(name.equals("UTF-16") ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_32BE);
    }
    if (!new String(new byte[] {'\n', ',', 'a'}, charset).equals("\n,a")) {
      throw new InputException(
          String.format(Locale.ROOT, "texts in %s cannot be read line by line", name),
          "Convert them, such as with iconv -t UTF-8.");
    }
    return new Encoding(charset, "", 1);
  }

  /** Returns the name of the encoding, as all JVMs know it. */
  public String label() {
    return charset.name();
  }

  /** Returns the encoding with whose mark some bytes begin, or else the one given. */
  static Encoding markedOr(Encoding given, byte[] bytes, int count) {
    for (Encoding each : MARKED) {
      if (each.begins(bytes, count)) {
        return each;
      }
    }
    return given;
  }

  /** Returns whether some bytes begin with the mark. */
  boolean begins(byte[] bytes, int count) {
    return !mark.isEmpty() && count >= mark.length() && agrees(bytes, mark.length());
  }

  /** Returns whether further bytes may show that a file begins with a mark. */
  static boolean mayBegin(byte[] bytes, int count) {
    for (Encoding each : MARKED) {
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
    if (width == 1) {
      return bytes[at] == '\n';
    }
    int low = charset.name().endsWith("LE") ? at : at + width - 1;
    if (bytes[low] != '\n') {
      return false;
    }
    for (int i = at; i < at + width; i++) {
      if (i != low && bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether bytes are characters of UTF-8, one at least beyond ASCII. */
  static boolean looksLikeUtf8(byte[] bytes, int from, int to) {
    boolean ascii = true;
    for (int i = from; i < to; i++) {
      ascii &= bytes[i] >= 0;
    }
    if (ascii) {
      return false;
    }
    byte[] some = Arrays.copyOfRange(bytes, from, to);
    String text = new String(some, StandardCharsets.UTF_8);
    return text.indexOf('\uFFFD') < 0;
  }
}
