package dev.unroll.text;

import dev.unroll.base.InputException;
import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;
import dev.unroll.file.SafeFiles;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Pretrained word vectors, from files of GloVe (a word and its numbers per line), fastText and
 * word2vec (the same after a line with their count and width), and word2vec's binary files.
 * Compressed files ({@code .gz}) are unpacked. The formats are recognized by their content.
 *
 * @param width width of the vectors
 * @param rows the vector of each word, in the order of the file
 */
public record WordVectors(int width, Map<String, float[]> rows) {

  private static final Pattern HEADER = Pattern.compile("\\s*(\\d{1,10})\\s+(\\d{1,5})\\s*");

  /** The longest beginning of a file that is looked at. */
  private static final int LOOKED_AT = 1 << 14;

  private static final int LONGEST_WORD = 1 << 12;

  /** Returns such as {@code 10,000 vectors of 300 numbers}. */
  @Override
  public String toString() {
    return Plural.of(rows.size(), "vector") + " of " + Plural.of(width, "number");
  }

  /**
   * Reads the vectors of some words, and the first ones of a file besides: those of the most
   * frequent words.
   *
   * @param wanted words whose vectors are read wherever they stand
   * @param most most others that are read
   * @throws InputException if it cannot be read, or is not such a file
   */
  public static WordVectors read(Path file, Predicate<String> wanted, int most) {
    var rows = new Rows(wanted, most);
    try (InputStream in = open(file)) {
      in.mark(LOOKED_AT);
      byte[] start = in.readNBytes(LOOKED_AT);
      in.reset();
      return isBinary(start) ? binary(file, in, rows) : text(file, in, rows);
    } catch (IOException e) {
      throw InputException.in(
          file, "cannot be read: " + SafeFiles.reason(e), "Check the name, the rights, the file.");
    }
  }

  private static InputStream open(Path file) throws IOException {
    var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    boolean packed = Lines.isPacked(in);
    return packed ? new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16) : in;
  }

  /** A count and a width, and then bytes that no text has. */
  private static boolean isBinary(byte[] start) {
    int end = 0;
    while (end < start.length && start[end] != '\n') {
      end++;
    }
    if (!HEADER.matcher(new String(start, 0, end, StandardCharsets.UTF_8)).matches()) {
      return false;
    }
    for (int i = end; i < start.length; i++) {
      if (start[i] >= 0 && start[i] < ' ' && "\t\n\r".indexOf(start[i]) < 0) {
        return true;
      }
    }
    return false;
  }

  /** The vectors that are kept. */
  private static final class Rows {
    private final Predicate<String> wanted;
    private final int most;
    private final Map<String, float[]> kept = new LinkedHashMap<>();
    private int others;

    Rows(Predicate<String> wanted, int most) {
      this.wanted = wanted;
      this.most = most;
    }

    boolean keeps(String word) {
      return wanted.test(word) || others < most;
    }

    void add(String word, float[] row) {
      if (kept.putIfAbsent(word, row) == null && !wanted.test(word)) {
        others++;
      }
    }
  }

  private static WordVectors binary(Path file, InputStream in, Rows rows) throws IOException {
    var header = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      header.write(b);
    }
    Matcher matcher = HEADER.matcher(header.toString(StandardCharsets.UTF_8));
    matcher.matches();
    long count = Long.parseLong(matcher.group(1));
    int width = Integer.parseInt(matcher.group(2));
    checkWidth(file, width);
    byte[] bytes = new byte[width * Float.BYTES];
    for (long i = 0; i < count; i++) {
      try {
        String word = word(file, in, i);
        if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
          throw new EOFException();
        }
        float[] row = new float[width];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(row);
        checkFinite(file.toString(), i + 2, row);
        if (rows.keeps(word)) {
          rows.add(word, row);
        }
      } catch (EOFException e) {
        throw InputException.in(
            file,
            String.format(Locale.ROOT, "ends after %,d of %,d vectors", i, count),
            "It may be cut short; copy it again.");
      }
    }
    return new WordVectors(width, rows.kept);
  }

  private static String word(Path file, InputStream in, long number) throws IOException {
    var word = new ByteArrayOutputStream();
    for (int b = in.read(); b != ' '; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      if (b != '\n' || word.size() > 0) { // some writers end each vector with a line
        word.write(b);
      }
      if (word.size() > LONGEST_WORD) {
        throw InputException.in(
            file,
            String.format(Locale.ROOT, "word %,d has no end", number + 1),
            "Its width may be wrong, or it is not a binary file of word2vec.");
      }
    }
    return word.toString(StandardCharsets.UTF_8);
  }

  private static WordVectors text(Path file, InputStream in, Rows rows) throws IOException {
    int width = 0;
    long announced = -1;
    long count = 0;
    try (var lines = new Lines(file.toString(), in)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        Matcher header = HEADER.matcher(line);
        if (lines.line() == 1 && header.matches()) {
          announced = Long.parseLong(header.group(1));
          width = Integer.parseInt(header.group(2));
          checkWidth(file, width);
          continue;
        }
        count++;
        List<String> fields = fields(line);
        if (width == 0 && fields.size() > 1) {
          width = fields.size() - 1;
          checkWidth(file, width);
        }
        int from = fields.size() - width; // a word may have blanks, but no numbers after them
        boolean wide = fields.subList(1, Math.max(1, from)).stream().anyMatch(Numbers::isNumber);
        if (from < 1 || width < 1 || wide) {
          throw InputException.at(
              file.toString(),
              lines.line(),
              Plural.of(fields.size() - 1, "number")
                  + String.format(Locale.ROOT, ", where %d are expected", width),
              "A line is a word and its numbers, all of one width.");
        }
        String word = String.join(" ", fields.subList(0, from));
        if (!rows.keeps(word)) {
          continue;
        }
        float[] row = new float[width];
        for (int i = 0; i < width; i++) {
          row[i] = number(file, lines.line(), fields.get(from + i));
        }
        rows.add(word, row);
      }
    }
    if (announced >= 0 && announced != count) {
      throw InputException.in(
          file,
          String.format(
              Locale.ROOT,
              "has %s, but its first line says %,d",
              Plural.of(count, "vector"),
              announced),
          "It may be cut short; copy it again.");
    }
    if (width == 0) {
      throw InputException.in(file, "has no vectors", "A line is a word and its numbers.");
    }
    return new WordVectors(width, rows.kept);
  }

  /** Returns what stands between blanks and tabs; there is always a first field. */
  private static List<String> fields(String line) {
    var fields = new ArrayList<String>();
    int start = 0;
    for (int i = 0; i <= line.length(); i++) {
      boolean blank = i == line.length() || line.charAt(i) == ' ' || line.charAt(i) == '\t';
      if (blank && (start < i || fields.isEmpty())) {
        fields.add(line.substring(start, i));
      }
      start = blank ? i + 1 : start;
    }
    return fields;
  }

  private static float number(Path file, long line, String field) {
    float value = Numbers.parseFloat(field);
    if (Float.isNaN(value)) {
      throw InputException.at(
          file.toString(),
          line,
          "«" + field + "» is not a finite number",
          "A line is a word and its numbers, all of one width.");
    }
    return value;
  }

  private static void checkFinite(String file, long line, float[] row) {
    for (float value : row) {
      if (!Float.isFinite(value)) {
        throw InputException.at(file, line, "a number is " + value, "All must be finite.");
      }
    }
  }

  private static void checkWidth(Path file, int width) {
    if (width < 1 || width > 10_000) {
      throw InputException.in(file, "vectors of width " + width, "It must be 1 to 10,000.");
    }
  }
}
