package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.file.Held;
import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;
import dev.unroll.file.SafeFiles;
import dev.unroll.text.Lines;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** A text file whose lines are rows of fields; it may be compressed by gzip. */
public final class Table {

  /**
   * How fields are separated.
   *
   * @param delimiter what stands between them
   * @param quoted whether a field may stand between quotes, and then contain what else ends it
   * @param fixed whether somebody named the delimiter, so that no other is looked for
   */
  record Format(char delimiter, boolean quoted, boolean fixed) {

    Format(char delimiter, boolean quoted) {
      this(delimiter, quoted, false);
    }

    /** Fields between commas (RFC 4180). */
    static final Format COMMAS = new Format(',', true);

    /** Fields between tabs, as IANA defines them: a tab always ends a field, quotes are letters. */
    static final Format TABS = new Format('\t', false);

    /** What may stand between fields; where two fit, the one before. */
    static final String DELIMITERS = "\t;|,";

    /** Lines that are not prose if all of them have a delimiter as often. */
    static final int FEWEST_ALIKE = 4;

    /** Returns the format of files with something between their fields. */
    static Format between(char delimiter) {
      return new Format(delimiter, delimiter != '\t', true);
    }

    /** Returns the usual format of a file: commas in one called .csv, otherwise tabs. */
    static Format of(Path file) {
      return isCalled(file, ".csv") ? COMMAS : TABS;
    }

    /**
     * Returns the format of a table that begins with some lines, the first of which names the
     * columns: another delimiter, where it stands in all of these lines as often; in a single line,
     * as {@link #foundByNames}.
     */
    Format found(List<String> lines) {
      return lines.size() == 1 ? foundByNames(lines) : first(place -> isInAll(lines, place));
    }

    /**
     * Returns the format of a table that begins with some lines, where later ones may be prose:
     * another delimiter, where the usual one does not stand between the names of the columns, and
     * either no space comes after it as in prose, or some lines all have it as often.
     */
    Format foundByNames(List<String> lines) {
      String names = lines.getFirst();
      int usual = DELIMITERS.indexOf(delimiter);
      if (counts(names)[usual] > 0) {
        boolean within = lines.size() >= FEWEST_ALIKE && !isInAll(lines, usual);
        return within // within fields of a file without names
            ? first(place -> isInAll(lines, place))
            : this;
      }
      return first(
          place ->
              names.contains(DELIMITERS.charAt(place) + " ")
                  ? lines.size() >= FEWEST_ALIKE && isInAll(lines, place)
                  : counts(names)[place] > 0);
    }

    /** Returns what stands between fields where it need not be what the file's name says. */
    private Format found(List<String> lines, Predicate<List<String>> known) {
      if (fixed) {
        return this;
      }
      if (quoted) {
        return foundByNames(lines);
      }
      Format other = new Format(delimiter, true).foundByNames(lines);
      if (other.delimiter == delimiter) {
        return this; // quotes stay letters
      }
      String[] names = lines.getFirst().split(Pattern.quote("" + other.delimiter), -1);
      return known.test(Arrays.stream(names).map(ColumnNames::plain).toList()) ? other : this;
    }

    private static boolean isInAll(List<String> lines, int place) {
      int count = counts(lines.getFirst())[place];
      return count > 0 && lines.stream().allMatch(line -> counts(line)[place] == count);
    }

    private Format first(IntPredicate fits) {
      return IntStream.range(0, DELIMITERS.length())
          .filter(fits)
          .mapToObj(DELIMITERS::charAt)
          .findFirst()
          .filter(found -> found != delimiter)
          .map(found -> new Format(found, true))
          .orElse(this);
    }

    /** Returns how often each delimiter stands in a line, outside of quotes. */
    private static int[] counts(String line) {
      int[] counts = new int[DELIMITERS.length()];
      boolean within = false;
      for (int i = 0; i < line.length(); i++) {
        within ^= line.charAt(i) == '"';
        int place = within ? -1 : DELIMITERS.indexOf(line.charAt(i));
        if (place >= 0) {
          counts[place]++;
        }
      }
      return counts;
    }

    private CSVFormat parser(boolean blankLines) {
      return CSVFormat.RFC4180
          .builder()
          .setDelimiter(delimiter)
          .setQuote(quoted ? Character.valueOf('"') : null)
          .setIgnoreEmptyLines(!blankLines)
          .get();
    }
  }

  /**
   * A row.
   *
   * @param file what messages call the file
   * @param line the line on which the row begins, from 1; 0 for names that stand in none
   * @param fields its fields
   */
  public record Row(String file, long line, List<String> fields) {

    /** Copies the list. */
    public Row {
      fields = List.copyOf(fields);
    }

    /** Returns what is wrong with this row, with its place. */
    InputException error(String problem, String fix) {
      return line == 0
          ? InputException.in(file, problem, fix)
          : InputException.at(file, line, problem, fix);
    }

    /**
     * Returns a field that must be a finite number.
     *
     * @param name what messages call it
     */
    public double number(int field, String name) {
      double number = Numbers.parse(fields.get(field).strip());
      if (Double.isNaN(number)) {
        throw error(
            String.format(Locale.ROOT, "the %s is «%s»", name, fields.get(field)),
            String.format(Locale.ROOT, "Field %d must be a number.", field + 1));
      }
      return number;
    }

    /** Returns about how many bytes of memory it takes. */
    private long bytes() {
      return fields.stream().mapToLong(field -> Held.OBJECT + field.length()).sum();
    }

    /** Returns whether no field has anything in it. */
    boolean isBlank() {
      return fields.stream().allMatch(String::isBlank);
    }

    /** Refuses a row that has not as many fields as the header. */
    void checkSize(Row header, String fix) {
      int wanted = header.fields.size();
      if (fields.size() != wanted) {
        throw error(Plural.of(fields.size(), "field") + ", where the header has " + wanted, fix);
      }
    }

    /** Returns the place of the only column that is called so, in whatever case; -1 for none. */
    int place(String wanted) {
      List<Integer> places = new ColumnNames(fields).places(wanted);
      return places.size() == 1 ? places.getFirst() : -1;
    }

    /**
     * Returns the place of a column that this row, a header, must name exactly once; white space
     * around a name, quotes and upper case make no difference.
     */
    int column(String wanted, String fix) {
      var names = new ColumnNames(fields);
      List<Integer> places = names.places(wanted);
      if (places.size() == 1) {
        return places.getFirst();
      }
      String problem =
          String.format(
              Locale.ROOT,
              "%s called «%s», among %s",
              places.isEmpty() ? "no column is" : "several columns are",
              wanted,
              names.listed());
      var meant = places.isEmpty() ? names.meant(wanted) : Optional.<String>empty();
      throw error(problem, meant.map(name -> "Did you mean «" + name + "»? " + fix).orElse(fix));
    }
  }

  private static final String BYTE_ORDER_MARK = "\ufeff";

  private final String name;
  private final List<String> lines = new ArrayList<>();
  private final Held held;
  private final @Nullable Character separator;

  /** Takes the lines that {@code source} gives to what it is given. */
  private Table(String name, Consumer<Consumer<String>> source) {
    this.name = name;
    held = new Held(name, "");
    source.accept(
        line -> {
          held.add(Held.OBJECT + line.length());
          lines.add(line);
        });
    separator = lines.isEmpty() ? null : LinesReader.separator(lines.getFirst());
    if (separator != null) {
      lines.set(0, ""); // the others keep their numbers
    }
  }

  /**
   * Reads a file, or standard input for {@code -}.
   *
   * @throws InputException if it cannot be read
   */
  static Table read(Path file) {
    return new Table(Lines.nameOf(file), reader -> Lines.read(file, reader));
  }

  /**
   * Takes a text, which may begin with a byte order mark.
   *
   * @param name what messages call it
   */
  static Table of(String name, String text) {
    String own = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    return new Table(name, reader -> own.lines().forEach(reader));
  }

  /**
   * Reads files and folders without a header whose fields stand between tabs, in .csv files commas,
   * or what the first lines have in their place; blank lines are skipped.
   *
   * @param least the smallest number of fields of a row
   * @param most the largest
   * @param what the names of the fields, for messages
   */
  public static List<Row> rows(List<Path> files, int least, int most, String what) {
    var rows = new ArrayList<Row>();
    String fix = "A line has: " + what + ".";
    for (Path file : Lines.files(files)) {
      var held = new Held(Lines.nameOf(file), "");
      forEach(
          file,
          Format.of(file),
          false,
          names -> least > 1, // otherwise there may be one column, with any sign in it
          row -> {
            int count = row.fields.size();
            if (!row.isBlank() && (count < least || count > most)) {
              throw row.error(Plural.of(count, "field") + between(file), fix);
            }
            if (!row.isBlank()) {
              held.add(row.bytes());
              rows.add(row);
            }
          });
    }
    if (rows.isEmpty()) {
      throw new InputException(files.getFirst() + ": there is nothing in it", fix);
    }
    return rows;
  }

  private static String between(Path file) {
    return isCalled(file, ".csv") ? " between commas" : " between tabs";
  }

  /** Returns whether a file has an extension, such as {@code .csv}, before any {@code .gz}. */
  static boolean isCalled(Path file, String extension) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return (name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name).endsWith(extension);
  }

  /** Returns whether a file is called like one of JSON. */
  static boolean hasObjects(Path file) {
    return List.of(".jsonl", ".ndjson", ".json").stream().anyMatch(end -> isCalled(file, end));
  }

  /** Returns what messages call the file. */
  String name() {
    return name;
  }

  /** Returns the first lines that are not blank, up to {@code most}. */
  List<String> firstLines(int most) {
    return lines.stream().filter(line -> !line.isBlank()).limit(most).toList();
  }

  /** Returns the line of the header; empty where there is none. */
  String header() {
    int first = separator == null ? 0 : 1;
    return lines.size() > first ? lines.get(first) : "";
  }

  /** Returns what stands between fields, where the file says it above the header; else null. */
  @Nullable Character separator() {
    return separator;
  }

  /**
   * Returns the rows; empty lines are skipped.
   *
   * @throws InputException if a quote is not closed
   */
  List<Row> rows(Format format) {
    return rows(format, false);
  }

  /** Returns the same, where blank lines may be rows of one empty field. */
  List<Row> rows(Format format, boolean blankLines) {
    var rows = new ArrayList<Row>();
    String content = String.join("\n", lines).replace('\r', ' ') + "\n";
    parse(
        name,
        new StringReader(content),
        format.parser(blankLines),
        row -> {
          held.add(row.bytes());
          rows.add(row);
        });
    return rows;
  }

  /**
   * Shows the rows of a file as soon as each is read; empty lines are skipped.
   *
   * @throws InputException if the file cannot be read, or a quote is not closed
   */
  static void forEach(Path file, Format format, Consumer<Row> reader) {
    forEach(file, format, false, reader);
  }

  /** Does the same, where blank lines may be rows of one empty field. */
  static void forEach(Path file, Format format, boolean blankLines, Consumer<Row> reader) {
    forEach(file, format, blankLines, names -> false, reader);
  }

  /**
   * Does the same, where something else than tabs may stand between the names of the columns.
   *
   * @param known whether some fields are such names, plain ones; a file without a tab in its first
   *     line is read so
   */
  static void forEach(
      Path file,
      Format format,
      boolean blankLines,
      Predicate<List<String>> known,
      Consumer<Row> reader) {
    try (var lines = Lines.open(file)) {
      var in = new LinesReader(Lines.nameOf(file), lines);
      Character separator = in.separator();
      Format own =
          separator == null || format.fixed
              ? format.found(in.peek(Format.FEWEST_ALIKE), known)
              : Format.between(separator);
      parse(
          in.name(),
          in,
          own.parser(blankLines),
          row -> {
            in.beginRow();
            reader.accept(row);
          });
    } catch (IOException e) {
      throw InputException.in(file, "cannot be read: " + SafeFiles.reason(e), "Check the file.");
    }
  }

  private static void parse(String name, Reader in, CSVFormat format, Consumer<Row> reader) {
    long end = 0;
    try (var parser = format.parse(in)) {
      var records = parser.iterator();
      for (var record = next(records, name, end); record != null; ) {
        end = parser.getCurrentLineNumber();
        List<String> fields = record.toList();
        long within = fields.stream().flatMapToInt(String::chars).filter(c -> c == '\n').count();
        reader.accept(new Row(name, end - within, fields));
        record = next(records, name, end);
      }
    } catch (IOException e) {
      throw badQuote(name, end);
    }
  }

  private static @Nullable CSVRecord next(Iterator<CSVRecord> records, String name, long end) {
    try {
      return records.hasNext() ? records.next() : null;
    } catch (UncheckedIOException e) {
      throw badQuote(name, end);
    }
  }

  private static InputException badQuote(String name, long end) {
    return InputException.at(
        name,
        end + 1,
        "a quote that is not closed, or text after one that is, in this row or the next",
        "A quote within a field between quotes is written twice.");
  }
}
