package dev.unroll.text;

import dev.unroll.base.InputException;
import dev.unroll.data.Provenance;
import dev.unroll.file.Folder;
import dev.unroll.file.SafeFiles;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads text line by line: UTF-8, checked, or UTF-16 and UTF-32 where the file begins with their
 * mark, as files of Excel, Notepad and PowerShell do, or in {@linkplain #inEncoding another
 * encoding}; gzip files unpacked; lines ended by LF or CR LF.
 *
 * <p>A line has at most {@value #LONGEST} bytes, so that a file which is none, or was made to fill
 * the memory, is refused early; the system property {@value #LIMIT} sets another limit.
 */
public final class Lines implements Closeable {

  private static final int LONGEST = 10_000_000;
  private static final String LIMIT = "unroll.line.limit";

  /** Bytes that are looked at to say how a file may be encoded. */
  private static final int SAMPLE = 1 << 16;

  /** In what texts are that have no mark, while somebody says so. */
  private static final ScopedValue<Assumed> ASSUMED = ScopedValue.newInstance();

  /**
   * In what a text is that has no mark.
   *
   * @param encoding its encoding
   * @param remembered whether a model remembers it of its training, so that nobody said it of this
   *     text
   */
  private record Assumed(Encoding encoding, boolean remembered) {
    static final Assumed USUAL = new Assumed(Encoding.UTF_8, false);
  }

  private final String name;
  private final InputStream in;
  private final boolean packed;
  private final long longest;
  private final Assumed assumed;
  private @Nullable Encoding encoding;
  private boolean marked;

  /** What was read and not yet returned lies from {@code at} to {@code end}. */
  private byte[] buffer = new byte[SAMPLE];

  private int at;
  private int end;

  /** Where the buffer begins in the file. */
  private long offset;

  private long line;

  /** Reads a stream, which may be compressed; messages have its {@code name}. */
  Lines(String name, InputStream in) throws IOException {
    this(name, in, Long.getLong(LIMIT, LONGEST), Assumed.USUAL);
  }

  private Lines(String name, InputStream in, long longest, Assumed assumed) throws IOException {
    this.name = name;
    this.assumed = assumed;
    this.longest = Math.min(longest, Integer.MAX_VALUE / 2);
    var start = new BufferedInputStream(in, 1 << 16);
    packed = isPacked(start);
    this.in = packed ? new GZIPInputStream(start, 1 << 16) : start;
  }

  /**
   * Runs something that reads texts, of which those without a mark are in an encoding. It holds for
   * this thread, until {@code reader} ends, and not for vectors and n-gram models.
   */
  public static <T extends @Nullable Object> T inEncoding(Encoding encoding, Supplier<T> reader) {
    return ScopedValue.where(ASSUMED, new Assumed(encoding, false)).call(reader::get);
  }

  /**
   * Runs something that reads texts for a model, which remembers the encoding of those that it was
   * trained on. A text that looks like UTF-8 is refused then, unless that is its encoding.
   */
  public static <T extends @Nullable Object> T inRememberedEncoding(
      Encoding encoding, Supplier<T> reader) {
    return ScopedValue.where(ASSUMED, new Assumed(encoding, true)).call(reader::get);
  }

  /** Does the same for what a model says of itself, unless an encoding was named already. */
  public static <T extends @Nullable Object> T inEncodingOf(Provenance model, Supplier<T> reader) {
    String kept = model.text(Encoding.KEPT);
    return kept.isEmpty() || ASSUMED.isBound()
        ? reader.get()
        : inRememberedEncoding(Encoding.of(kept), reader);
  }

  /** Returns what a model remembers of the encoding of texts that it is trained on now. */
  public static Map<String, String> keptEncoding() {
    return encoding().equals(Encoding.UTF_8) ? Map.of() : Map.of(Encoding.KEPT, encoding().label());
  }

  /** Returns in what texts without a mark are read now. */
  public static Encoding encoding() {
    return ASSUMED.orElse(Assumed.USUAL).encoding;
  }

  /**
   * Opens a file, or standard input for {@code -}.
   *
   * @throws InputException if it cannot be read
   */
  public static Lines open(Path file) {
    return open(file, 0, ASSUMED.orElse(Assumed.USUAL));
  }

  /**
   * Opens a file, or standard input for {@code -}, whose lines may be longer than usual: UTF-8, or
   * as its mark says.
   *
   * @param atLeast the number of bytes that a line may have in any case
   * @throws InputException if it cannot be read
   */
  public static Lines open(Path file, long atLeast) {
    return open(file, atLeast, Assumed.USUAL);
  }

  private static Lines open(Path file, long atLeast, Assumed assumed) {
    long longest = Math.max(atLeast, Long.getLong(LIMIT, LONGEST));
    try {
      if (isStandardInput(file)) {
        return new Lines(nameOf(file), System.in, longest, assumed);
      }
      if (Files.isDirectory(file)) {
        throw InputException.in(file, "is a folder", "Name a file.");
      }
      InputStream in = Files.newInputStream(file);
      try {
        return new Lines(nameOf(file), in, longest, assumed);
      } catch (IOException e) {
        in.close();
        throw e;
      }
    } catch (IOException e) {
      throw InputException.in(
          file, "cannot be read: " + SafeFiles.reason(e), "Check the name and the rights.");
    }
  }

  /** Compressed files are recognized by their first byte, whatever their name. */
  static boolean isPacked(BufferedInputStream in) throws IOException {
    in.mark(2);
    boolean packed = in.read() == 0x1F; // no text begins so, but a gzip file that is cut short may
    in.reset();
    return packed;
  }

  /** Returns whether a file stands for standard input. */
  public static boolean isStandardInput(Path file) {
    return file.toString().equals("-");
  }

  /** Returns how messages call a file. */
  public static String nameOf(Path file) {
    return isStandardInput(file) ? "standard input" : file.toString();
  }

  /**
   * Returns the files named, with those inside folders in the order of their paths. Hidden files
   * are left out, and links that leave the folder refused.
   */
  public static List<Path> files(List<Path> named) {
    return files(named, Links.WITHIN);
  }

  /** Returns the files named, with those inside folders in the order of their paths. */
  public static List<Path> files(List<Path> named, Links links) {
    var all = new ArrayList<Path>();
    for (Path path : named) {
      if (Files.isDirectory(path)) {
        all.addAll(new Folder(path, links == Links.FOLLOW).files());
      } else {
        all.add(path);
      }
    }
    return all;
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

  /** Shows the lines of a file to {@code reader}, up to that at which it returns false. */
  public static void readWhile(Path file, Predicate<String> reader) {
    try (var lines = open(file)) {
      for (String next = lines.next(); next != null && reader.test(next); next = lines.next()) {}
    } catch (IOException e) {
      throw InputException.in(file, "cannot be read: " + SafeFiles.reason(e), "Check the file.");
    }
  }

  /** Shows the first lines of a file to {@code reader}. */
  static void first(Path file, int most, Consumer<String> reader) {
    try (var lines = open(file)) {
      for (String next = lines.next(); next != null && lines.line() <= most; next = lines.next()) {
        reader.accept(next);
      }
    } catch (IOException e) {
      throw InputException.in(file, "cannot be read: " + SafeFiles.reason(e), "Check the file.");
    }
  }

  /**
   * Returns the next line without its end, or null after the last one.
   *
   * @throws InputException if it is not text, or too long
   */
  public @Nullable String next() {
    try {
      Encoding own = encoding == null ? begin() : encoding;
      int stop = endOfLine(own);
      if (stop == at && end == at) {
        return null;
      }
      line++;
      String text = text(own, stop);
      at = Math.min(end, stop + own.width());
      return text;
    } catch (IOException e) {
      throw InputException.at(
          name,
          line + 1,
          "cannot be read further: " + SafeFiles.reason(e),
          "The file may be cut short; copy it again.");
    }
  }

  /** Returns the number of the line read last, from 1. */
  public long line() {
    return line;
  }

  /** Returns such as {@code lines of news.txt after line 12}. */
  @Override
  public String toString() {
    return "lines of " + name + " after line " + line;
  }

  /** Finds the mark at the beginning of the file, and goes past it. */
  private Encoding begin() throws IOException {
    // Somebody may type the text, so that no more is asked for than is needed.
    while (Encoding.mayBegin(buffer, end) && fill()) {}
    Encoding found = Encoding.markedOr(assumed.encoding, buffer, end);
    marked = found.begins(buffer, end);
    at = marked ? found.mark().length() : 0;
    encoding = found;
    return found;
  }

  /** Returns where the next line ends in the buffer, which is read on until it does. */
  private int endOfLine(Encoding own) throws IOException {
    int width = own.width();
    int next = at;
    while (true) {
      for (; next + width <= end; next += width) {
        if (own.isLineFeed(buffer, next)) {
          checkLength(own, next);
          return next;
        }
        if (width == 1 && buffer[next] == 0) {
          throw notText(line + 1, "a zero byte: this is not text");
        }
      }
      checkLength(own, next);
      int length = next - at;
      if (!fill()) {
        return end;
      }
      next = at + length;
    }
  }

  /** Refuses a line that is too long as far as {@code stop}. */
  private void checkLength(Encoding own, int stop) throws IOException {
    if (stop - at <= longest) {
      return;
    }
    if (line == 0 && own.width() == 1 && hasEndsOfOldMacs(stop)) {
      throw endsOfOldMacs(own);
    }
    throw InputException.at(
        name,
        line + 1,
        String.format(Locale.ROOT, "the line is longer than %,d bytes", longest),
        String.format(
            Locale.ROOT,
            "Break it into lines, or allow longer ones: UNROLL_JAVA_OPTIONS=-D%s=%d, from Java the system property.",
            LIMIT,
            10 * longest));
  }

  /** Reads some bytes, in a larger buffer if this one is full; returns false at the end. */
  private boolean fill() throws IOException {
    if (at > 0 && end == buffer.length) {
      System.arraycopy(buffer, at, buffer, 0, end - at);
      offset += at;
      end -= at;
      at = 0;
    }
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    int count = in.read(buffer, end, buffer.length - end);
    end += Math.max(0, count);
    return count >= 0;
  }

  private String text(Encoding own, int stop) throws IOException {
    String text = new String(buffer, at, stop - at, own.charset());
    if (text.indexOf('\uFFFD') >= 0) { // it may stand there, or for what cannot be decoded
      check(own, stop);
    }
    if (assumed.remembered
        && !own.equals(Encoding.UTF_8)
        && !marked
        && Encoding.looksLikeUtf8(buffer, at, stop)) {
      throw InputException.at(
          name,
          line,
          "this looks like UTF-8, but the model was trained on texts in " + own.label(),
          String.format(
              Locale.ROOT,
              "Give {encoding UTF-8}, or {encoding %s} if that is right.",
              own.label()));
    }
    if (text.indexOf('\0') >= 0) {
      throw notText(line, "a zero character: this is not text");
    }
    if (line == 1 && stop == end && text.chars().filter(c -> c == '\r').count() > 1) {
      throw endsOfOldMacs(own);
    }
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private boolean hasEndsOfOldMacs(int stop) {
    int ends = 0;
    for (int i = at; i < stop; i++) {
      ends += buffer[i] == '\r' ? 1 : 0;
    }
    return ends > 1;
  }

  /** The whole file is one line, with more ends of lines in it than its own. */
  private InputException endsOfOldMacs(Encoding own) {
    return InputException.at(
        name,
        1,
        "lines end with a carriage return alone, as on old Macs",
        own.width() == 1
            ? EncodingGuess.conversion(name, packed, "tr '\\r' '\\n'")
            : "Save it with the ends of lines of Unix or Windows.");
  }

  private void check(Encoding own, int stop) throws IOException {
    var source = ByteBuffer.wrap(buffer, at, stop - at);
    var target = CharBuffer.allocate(stop - at + 1);
    if (!own.charset().newDecoder().decode(source, target, true).isError()) {
      return;
    }
    int wrong = source.position();
    String what =
        String.format(
            Locale.ROOT, "byte 0x%02X at offset %,d", buffer[wrong] & 0xFF, offset + wrong);
    if (own.equals(Encoding.UTF_8)) {
      throw notText(line, "not UTF-8: " + what);
    }
    if (!marked) {
      throw InputException.at(
          name,
          line,
          String.format(Locale.ROOT, "not %s: %s", own.label(), what),
          "Name the encoding of the file with {encoding}.");
    }
    throw InputException.at(
        name,
        line,
        String.format(
            Locale.ROOT,
            "not %s, as the mark at the beginning of the file says: %s",
            own.charset(),
            what),
        "It may be cut short; copy it again.");
  }

  private InputException notText(long where, String problem) throws IOException {
    while (end - at < SAMPLE && in.available() > 0 && fill()) {}
    FileKind kind = offset == 0 ? FileKind.of(buffer, end) : null;
    if (kind != null) {
      return InputException.at(name, where, "this is " + kind.name() + ", not text", kind.fix());
    }
    int from = Math.min(end, at + (int) (-(offset + at) & 3)); // characters have up to four bytes
    int to = Math.min(end, Math.max(from, at) + SAMPLE);
    return new EncodingGuess(name, packed, Arrays.copyOfRange(buffer, from, to))
        .error(where, problem);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** What becomes of symbolic links in a folder whose files are read. */
  public enum Links {
    /** Those that lead out of the folder are refused, others read as what they lead to. */
    WITHIN,
    /** All are followed. */
    FOLLOW
  }
}
