package dev.unroll.text;

import dev.unroll.base.InputException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Guesses how a text is encoded that is not UTF-8 and has no mark, to say which command converts
 * it.
 *
 * @param file what messages call the file
 * @param packed whether it is compressed
 * @param bytes a part of the unpacked file, from a multiple of four on
 */
record EncodingGuess(String file, boolean packed, byte[] bytes) {

  /** Bytes that Windows-1252 leaves out. */
  private static final String NOT_IN_WINDOWS = "\u0081\u008D\u008F\u0090\u009D";

  private static final Pattern PLAIN = Pattern.compile("[\\w./,:=+@%][\\w./,:=+@%-]*");

  /** Returns what is wrong at a line, with the command that converts the file. */
  InputException error(long line, String problem) {
    return InputException.at(file, line, problem, fix());
  }

  private String fix() {
    if (contains(bytes, 0)) {
      byte[] rest = withoutZeros();
      boolean isText = isText(rest, StandardCharsets.UTF_8);
      boolean few = bytes.length - rest.length < bytes.length / 4;
      String wide = isText && few ? null : wide(); // else every other byte would be 0, or none text
      if (wide != null) {
        return "It looks like " + wide + ". " + converted("iconv -f " + wide + " -t UTF-8");
      }
      return isText
          ? "It looks like text with zero bytes in it. " + converted("tr -d '\\000'")
          : "Name a text file in UTF-8; a binary file cannot be read.";
    }
    if (isMostlyUtf8()) {
      return "It looks like UTF-8 with damaged characters, which can be left out. "
          + converted("iconv -c -f UTF-8 -t UTF-8");
    }
    String single = isWindows() ? "WINDOWS-1252" : "ISO-8859-1";
    return String.format(
            Locale.ROOT,
            "It may be %s: give {encoding %s}, or another if you know it. ",
            single,
            single)
        + converted("iconv -f " + single + " -t UTF-8");
  }

  /** Returns the encoding of two or four bytes, most of which has no upper bytes; null for none. */
  private @Nullable String wide() {
    for (Charset each : List.of(StandardCharsets.UTF_32LE, StandardCharsets.UTF_32BE)) {
      if (isText(bytes, each)) {
        return each.name();
      }
    }
    int[] zeros = new int[2]; // in even and odd places
    for (int i = 0; i < bytes.length; i++) {
      zeros[i % 2] += bytes[i] == 0 ? 1 : 0;
    }
    if (Math.min(zeros[0], zeros[1]) > Math.max(zeros[0], zeros[1]) / 20) {
      return null; // of a pair, one byte is the upper one
    }
    Charset two = zeros[0] < zeros[1] ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
    return isText(bytes, two) ? two.name() : null;
  }

  private static boolean contains(byte[] bytes, int wanted) {
    for (byte each : bytes) {
      if (each == wanted) {
        return true;
      }
    }
    return false;
  }

  private byte[] withoutZeros() {
    byte[] rest = new byte[bytes.length];
    int count = 0;
    for (byte each : bytes) {
      if (each != 0) {
        rest[count++] = each;
      }
    }
    return Arrays.copyOf(rest, count);
  }

  /** Whether bytes are characters of an encoding, none a control character or unassigned. */
  private static boolean isText(byte[] source, Charset charset) {
    var characters = CharBuffer.allocate(source.length + 1);
    // The sample may end within a character: it is not the end of the input.
    if (charset.newDecoder().decode(ByteBuffer.wrap(source), characters, false).isError()) {
      return false;
    }
    String text = characters.flip().toString();
    return !text.isEmpty()
        && text.codePoints()
            .allMatch(c -> Character.isDefined(c) && (c >= ' ' || "\t\n\r\f".indexOf(c) >= 0));
  }

  /** Whether most of what is not ASCII is right: three bytes for each that is not. */
  private boolean isMostlyUtf8() {
    String text = new String(bytes, StandardCharsets.UTF_8);
    long wrong = text.chars().filter(c -> c == '\uFFFD').count();
    long right = text.codePoints().filter(c -> c >= 0x80 && c != '\uFFFD').count();
    return right >= 3 * wrong;
  }

  private boolean isWindows() {
    String letters = new String(bytes, StandardCharsets.ISO_8859_1);
    boolean controls = letters.chars().anyMatch(c -> c >= 0x80 && c < 0xA0);
    return controls && letters.chars().noneMatch(c -> NOT_IN_WINDOWS.indexOf(c) >= 0);
  }

  private String converted(String command) {
    return conversion(file, packed, command);
  }

  /** Returns the whole command that converts a file: what it reads, and where it writes. */
  static String conversion(String file, boolean packed, String command) {
    if (file.equals("standard input") || file.startsWith("/dev/")) {
      return "Pipe it through: " + command;
    }
    String in = quoted(file);
    String out = quoted(outputName(file, packed));
    if (packed) {
      return String.format(Locale.ROOT, "Convert it: gzip -dc < %s | %s > %s", in, command, out);
    }
    return String.format(Locale.ROOT, "Convert it: %s < %s > %s", command, in, out);
  }

  /** Returns a name beside the file's, with its extension, which says how it is read. */
  private static String outputName(String file, boolean packed) {
    Path path = Path.of(file);
    Path last = path.getFileName();
    String name = last == null ? file : last.toString();
    name = packed && name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    return path.resolveSibling(stem + "-utf8" + name.substring(stem.length())).toString();
  }

  private static String quoted(String name) {
    return PLAIN.matcher(name).matches() ? name : "'" + name.replace("'", "'\\''") + "'";
  }
}
