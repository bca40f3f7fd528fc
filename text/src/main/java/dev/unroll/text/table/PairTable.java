package dev.unroll.text.table;

import dev.unroll.data.Pair;
import dev.unroll.file.InputException;
import dev.unroll.text.Lines;
import dev.unroll.text.Plural;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads files whose lines have a source and a target: fields between tabs, where quotes are
 * letters, or in files called .csv between commas (RFC 4180).
 *
 * @param source the source's column: its number, from 1, or its name in the first line
 * @param target the target's column, in the same way
 */
public record PairTable(String source, String target) {

  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,5}");

  /** The first two columns, without a header. */
  public static final PairTable USUAL = new PairTable("1", "2");

  /** Checks that both are names or both numbers. */
  public PairTable {
    if (NUMBER.matcher(source).matches() != NUMBER.matcher(target).matches()) {
      throw new InputException(
          "the source is column %s and the target column %s".formatted(source, target),
          "Give two names of the first line or, where that is no header, two numbers.");
    }
    if (source.equals(target)) {
      throw new InputException(
          "source and target are the same column, " + source, "Name two columns.");
    }
  }

  private boolean named() {
    return !NUMBER.matcher(source).matches();
  }

  /**
   * Reads files of pairs.
   *
   * @throws InputException if a file cannot be read, has not these columns, or a field is empty
   */
  public List<Pair> read(List<Path> files) {
    return lines(files).stream().map(Line::pair).toList();
  }

  /**
   * A pair with its place.
   *
   * @param file the file it is in
   * @param line where it ends there
   * @param pair the pair
   */
  public record Line(String file, long line, Pair pair) {

    /**
     * Checks the pair.
     *
     * @throws InputException what {@code checker} says, with the place before it
     */
    public void check(Consumer<Pair> checker) {
      checked(file, line, pair, checker);
    }
  }

  /** Reads files of pairs with their places, as {@link #read} does. */
  public List<Line> lines(List<Path> files) {
    var pairs = new ArrayList<Line>();
    for (Path file : files) {
      String name = Lines.nameOf(file);
      forEach(
          file,
          List.of(source, target),
          row -> {
            check(name, row.line, "source", row.fields.get(0));
            check(name, row.line, "target", row.fields.get(1));
            var pair = new Pair(row.fields.get(0), row.fields.get(1));
            pairs.add(new Line(name, row.line, pair));
          });
    }
    if (pairs.isEmpty()) {
      throw new InputException(
          files.getFirst() + ": there is no pair in it",
          "Give lines of a source and a target, with a tab between them.");
    }
    return pairs;
  }

  private static void check(String file, long line, String what, String field) {
    if (field.isBlank()) {
      throw InputException.at(
          file, line, "the " + what + " is empty", "Give it some text, or take the line out.");
    }
  }

  /**
   * Shows the sources of files: a line each or, in .tsv and .csv files, its column.
   *
   * @throws InputException what {@code checker} says of a source, with its place before it
   */
  public void sources(List<Path> files, Consumer<String> checker, Consumer<String> reader) {
    for (Path file : files) {
      String name = Lines.nameOf(file);
      String plain = plainName(file);
      if (plain.endsWith(".tsv") || plain.endsWith(".csv")) {
        forEach(
            file,
            List.of(source),
            row -> {
              String text = row.fields.getFirst();
              checked(name, row.line, text, checker);
              reader.accept(text);
            });
      } else {
        Lines.readNumbered(
            file,
            (text, line) -> {
              checked(name, line, text, checker);
              reader.accept(text);
            });
      }
    }
  }

  /** Lets a checker see something; what it says has the place before it. */
  private static <T> void checked(String file, long line, T what, Consumer<T> checker) {
    try {
      checker.accept(what);
    } catch (InputException e) {
      throw e.at(file, line);
    }
  }

  private static String plainName(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).replaceAll("\\.gz$", "");
  }

  /** Some fields of a line. */
  private record Row(long line, List<String> fields) {}

  private void forEach(Path file, List<String> columns, Consumer<Row> reader) {
    String name = Lines.nameOf(file);
    var lines = new ArrayList<String>();
    Lines.read(file, lines::add);
    boolean commas = plainName(file).endsWith(".csv");
    CSVFormat format =
        CSVFormat.RFC4180
            .builder()
            .setDelimiter(commas ? ',' : '\t')
            .setQuote(commas ? Character.valueOf('"') : null)
            .setIgnoreEmptyLines(true)
            .get();
    long end = 0;
    int[] places = named() ? new int[0] : numbers(columns);
    String content = String.join("\n", lines).replace('\r', ' ') + "\n";
    try (var parser = format.parse(new StringReader(content))) {
      for (CSVRecord row : parser) {
        end = parser.getCurrentLineNumber();
        List<String> fields = row.toList();
        if (places.length == 0) {
          places = places(name, fields, columns);
        } else {
          reader.accept(new Row(end, chosen(name, end, fields, places)));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw InputException.at(
          name,
          end + 1,
          "a quote that is not closed, or something behind one that is",
          "A quote within a field between quotes is written twice.");
    }
  }

  private static int[] numbers(List<String> columns) {
    return columns.stream().mapToInt(column -> Integer.parseInt(column) - 1).toArray();
  }

  private static int[] places(String file, List<String> header, List<String> columns) {
    int[] places = new int[columns.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = header.indexOf(columns.get(i));
      if (places[i] < 0 || header.lastIndexOf(columns.get(i)) != places[i]) {
        throw InputException.at(
            file,
            1,
            "%s column is called «%s», among %s"
                .formatted(places[i] < 0 ? "no" : "more than one", columns.get(i), header),
            "The first line must name the columns, once each: see {source} and {target}.");
      }
    }
    return places;
  }

  private static List<String> chosen(String file, long line, List<String> fields, int[] places) {
    var some = new ArrayList<String>();
    for (int place : places) {
      if (place >= fields.size()) {
        throw InputException.at(
            file,
            line,
            Plural.of(fields.size(), "field") + ", where column " + (place + 1) + " is wanted",
            "A tab stands between the fields of a line (in .csv files a comma).");
      }
      some.add(fields.get(place));
    }
    return some;
  }
}
