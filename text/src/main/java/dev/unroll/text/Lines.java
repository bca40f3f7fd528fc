package dev.unroll.text;

import dev.unroll.file.InputException;
import dev.unroll.file.SafeFiles;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads text line by line: UTF-8, checked; gzip files unpacked; a byte order mark dropped; lines
 * ended by LF or CR LF.
 */
public final class Lines implements Closeable {

  private final String name;
  private final InputStream in;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private long line;
  private long offset;

  /** Reads a stream; messages have its {@code name}. */
  Lines(String name, InputStream in) {
    this.name = name;
    this.in = new BufferedInputStream(in, 1 << 16);
  }

  /**
   * Opens a file, or standard input for {@code -}.
   *
   * @throws InputException if it cannot be read
   */
  public static Lines open(Path file) {
    try {
      if (isStandardInput(file)) {
        return new Lines(nameOf(file), unpacked(System.in));
      }
      if (Files.isDirectory(file)) {
        throw InputException.in(file, "is a folder", "Name a file.");
      }
      InputStream in = Files.newInputStream(file);
      try {
        return new Lines(nameOf(file), unpacked(in));
      } catch (IOException e) {
        in.close();
        throw e;
      }
    } catch (IOException e) {
      throw InputException.in(
          file, "cannot be read: " + SafeFiles.reason(e), "Check the name and the rights.");
    }
  }

  /** Compressed files are recognized by their first two bytes, whatever their name. */
  private static InputStream unpacked(InputStream in) throws IOException {
    var start = new PushbackInputStream(in, 2);
    byte[] mark = start.readNBytes(2);
    start.unread(mark);
    boolean packed = mark.length == 2 && mark[0] == 0x1F && mark[1] == (byte) 0x8B;
    return packed ? new GZIPInputStream(start, 1 << 16) : start;
  }

  /** Returns whether a file stands for standard input. */
  public static boolean isStandardInput(Path file) {
    return file.toString().equals("-");
  }

  /** Returns how messages call a file. */
  public static String nameOf(Path file) {
    return isStandardInput(file) ? "standard input" : file.toString();
  }

  /** Returns the files named, with those inside folders in the order of their paths. */
  public static List<Path> files(List<Path> named) {
    var all = new ArrayList<Path>();
    for (Path path : named) {
      if (!Files.isDirectory(path)) {
        all.add(path);
        continue;
      }
      try (var inside = Files.walk(path)) {
        List<Path> found =
            inside
                .filter(Files::isRegularFile)
                .filter(file -> !isHidden(path.relativize(file)))
                .sorted()
                .toList();
        if (found.isEmpty()) {
          throw InputException.in(path, "the folder has no files", "Name a folder of text files.");
        }
        all.addAll(found);
      } catch (UncheckedIOException e) { // of a folder inside
        throw InputException.in(
            path, "cannot be read: " + e.getMessage(), "Check the rights of its folders.");
      } catch (IOException e) {
        throw InputException.in(
            path, "cannot be read: " + SafeFiles.reason(e), "Check the folder's rights.");
      }
    }
    return all;
  }

  /** Files such as .DS_Store, and those in folders such as .git, are not part of a corpus. */
  private static boolean isHidden(Path relative) {
    for (Path name : relative) {
      if (name.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  /** Shows each line of a file to {@code reader}. */
  public static void read(Path file, Consumer<String> reader) {
    readNumbered(file, (text, line) -> reader.accept(text));
  }

  /** Reads all of a file, each line with its number, from 1. */
  public static void readNumbered(Path file, ObjLongConsumer<String> reader) {
    try (var lines = open(file)) {
      for (String next = lines.next(); next != null; next = lines.next()) {
        reader.accept(next, lines.line());
      }
    } catch (IOException e) {
      throw InputException.in(file, "cannot be read: " + SafeFiles.reason(e), "Check the file.");
    }
  }

  /**
   * Returns the next line without its end, or null after the last one.
   *
   * @throws InputException if it is not UTF-8 text
   */
  public @Nullable String next() {
    bytes.reset();
    long start = offset;
    try {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      while (b >= 0 && b != '\n') {
        bytes.write(b);
        offset++;
        b = in.read();
      }
      offset++;
    } catch (IOException e) {
      throw InputException.at(
          name,
          line + 1,
          "cannot be read further: " + SafeFiles.reason(e),
          "The file may be cut short; copy it again.");
    }
    line++;
    return text(start);
  }

  /** Returns the number of the line read last, from 1. */
  public long line() {
    return line;
  }

  private String text(long start) {
    byte[] raw = bytes.toByteArray();
    int from = line == 1 && startsWithMark(raw) ? 3 : 0;
    int to = raw.length > 0 && raw[raw.length - 1] == '\r' ? raw.length - 1 : raw.length;
    var source = ByteBuffer.wrap(raw, from, Math.max(0, to - from));
    var target = CharBuffer.allocate(to - from + 1);
    var result = decoder.reset().decode(source, target, true);
    if (result.isError()) {
      int at = source.position();
      throw InputException.at(
          name,
          line,
          String.format(
              Locale.ROOT, "not UTF-8: byte 0x%02X at offset %,d", raw[at] & 0xFF, start + at),
          "Convert the text first, such as: iconv -f ISO-8859-1 -t UTF-8 OLD > NEW");
    }
    String text = target.flip().toString();
    int zero = text.indexOf('\0');
    if (zero >= 0) {
      throw InputException.at(
          name,
          line,
          "a zero byte: this is not text",
          "Name a text file in UTF-8; a binary file cannot be read.");
    }
    return text;
  }

  private static boolean startsWithMark(byte[] raw) {
    return raw.length >= 3
        && raw[0] == (byte) 0xEF
        && raw[1] == (byte) 0xBB
        && raw[2] == (byte) 0xBF;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
