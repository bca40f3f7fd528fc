package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.data.Pair;
import dev.unroll.data.Provenance;
import dev.unroll.file.Held;
import dev.unroll.file.Plural;
import dev.unroll.store.ModelSays;
import dev.unroll.text.Lines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads files whose lines have a source and a target: fields between tabs, where quotes are
 * letters, in files called .csv between commas (RFC 4180), or objects of JSON (.jsonl, .json), in
 * which a source or target may be an array of tokens.
 *
 * @param source the source's column: its number, from 1, or its name in the first line
 * @param target the target's column, in the same way
 * @param delimiter what stands between fields; null where it is found from the files
 */
public record PairTable(String source, String target, @Nullable Character delimiter) {

  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,5}");

  private static final String SOURCE = "sourceColumn";
  private static final String TARGET = "targetColumn";
  private static final String DELIMITER = "delimiter";

  /** The first two columns, after a header if it is called source and target or so. */
  public static final PairTable USUAL = new PairTable("1", "2");

  /** Columns of files whose delimiter is found. */
  public PairTable(String source, String target) {
    this(source, target, null);
  }

  /** Checks that both are names or both numbers. */
  public PairTable {
    if (NUMBER.matcher(source).matches() != NUMBER.matcher(target).matches()) {
      throw new InputException(
          String.format(
              Locale.ROOT, "the source is column %s and the target column %s", source, target),
          "Give two names of the first line or, where that is no header, two numbers.");
    }
    if (source.equals(target)) {
      throw new InputException(
          "source and target are the same column, " + source, "Name two columns.");
    }
  }

  /**
   * Returns the columns that a model says it was trained on, the usual ones where it says none.
   *
   * @throws InputException if it says what cannot be
   */
  public static PairTable of(Provenance model) {
    String ofSource = model.text(SOURCE);
    String ofTarget = model.text(TARGET);
    String between = model.text(DELIMITER);
    return ModelSays.read(
        "provenance.sourceColumn and targetColumn",
        () ->
            new PairTable(
                ofSource.isEmpty() ? USUAL.source : ofSource,
                ofTarget.isEmpty() ? USUAL.target : ofTarget,
                between.length() == 1 ? between.charAt(0) : null));
  }

  /** Returns what a model keeps of the columns. */
  public Map<String, String> kept() {
    var kept = new LinkedHashMap<>(Map.of(SOURCE, source, TARGET, target));
    if (delimiter != null) {
      kept.put(DELIMITER, delimiter.toString());
    }
    return kept;
  }

  /** Returns the same where something stands between fields; null where it is found. */
  public PairTable withDelimiter(@Nullable Character value) {
    return new PairTable(source, target, value);
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
   * @param line where it begins there
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
      var held = new Held(Lines.nameOf(file), "");
      forEach(
          file,
          List.of(source, target),
          (row, fields) -> {
            check(row, "source", fields.get(0));
            check(row, "target", fields.get(1));
            held.add(4L * Held.OBJECT + fields.get(0).length() + fields.get(1).length());
            pairs.add(new Line(row.file(), row.line(), new Pair(fields.get(0), fields.get(1))));
          });
    }
    if (pairs.isEmpty()) {
      throw new InputException(
          files.getFirst() + ": there is no pair in it",
          "Give lines of a source and a target, with a tab between them.");
    }
    return pairs;
  }

  private static void check(Table.Row row, String what, String field) {
    if (field.isBlank()) {
      throw row.error("the " + what + " is empty", "Give it some text, or take the line out.");
    }
  }

  /**
   * Shows the sources of files: one per line or, in .tsv and .csv files and in others that begin as
   * tables, its column.
   *
   * @throws InputException what {@code checker} says of a source, with its place before it
   */
  public void sources(List<Path> files, Consumer<String> checker, Consumer<String> reader) {
    for (Path file : files) {
      ObjLongConsumer<String> one =
          (text, line) -> {
            checked(Lines.nameOf(file), line, text, checker);
            reader.accept(text);
          };
      if (isTable(file)) {
        forEach(file, List.of(source), (row, fields) -> one.accept(fields.getFirst(), row.line()));
      } else {
        Lines.readNumbered(file, one);
      }
    }
  }

  private boolean isTable(Path file) {
    return Table.isCalled(file, ".tsv")
        || Table.isCalled(file, ".csv")
        || Table.hasObjects(file)
        || TableBeginning.isTable(
            file, delimiter == null ? '\t' : delimiter, names -> mayBe(names, false), columns());
  }

  /** Returns how many columns files without names have at least; 0 where columns have names. */
  private int columns() {
    return named() ? 0 : Math.max(2, Integer.parseInt(source));
  }

  /** Lets a checker see something; what it says has the place before it. */
  private static <T> void checked(String file, long line, T what, Consumer<T> checker) {
    try {
      checker.accept(what);
    } catch (InputException e) {
      throw e.at(file, line);
    }
  }

  /** Shows the fields of some columns of each row. */
  private void forEach(
      Path file, List<String> columns, BiConsumer<Table.Row, List<String>> reader) {
    var places = new ArrayList<int[]>(); // one, once it is known
    boolean objects = Table.hasObjects(file);
    Consumer<Table.Row> rows =
        row -> {
          if (!places.isEmpty()) {
            reader.accept(row, chosen(row, places.getFirst()));
          } else if (objects || named() || isHeader(row, columns.size())) {
            places.add(places(row, columns));
          } else {
            places.add(numbers(columns));
            reader.accept(row, chosen(row, places.getFirst()));
          }
        };
    if (objects) {
      JsonRows.forEach(file, names -> have(new ColumnNames(List.copyOf(names)), columns), rows);
    } else {
      Table.forEach(
          file,
          delimiter == null ? Table.Format.of(file) : Table.Format.between(delimiter),
          false,
          names -> mayBe(names, columns.size() == 2),
          rows);
    }
  }

  /** Whether objects have the members that are read. */
  private boolean have(ColumnNames names, List<String> columns) {
    return named()
        ? columns.stream().allMatch(column -> names.have(column, List.of()))
        : !names.usual(ColumnNames.Usual.SOURCES).isEmpty()
            && (columns.size() < 2 || !names.usual(ColumnNames.Usual.TARGETS).isEmpty());
  }

  /** Pairs have two columns; of sources there may be one, with any sign in it. */
  private boolean mayBe(List<String> names, boolean pairs) {
    String first = names.getFirst();
    return pairs
        || (named()
            ? names.contains(ColumnNames.plain(source))
            : names.size() > 1 && ColumnNames.Usual.SOURCES.contains(first));
  }

  private boolean named() {
    return !NUMBER.matcher(source).matches();
  }

  /** Whether the first row has the usual names of the first columns, where nobody chose others. */
  private boolean isHeader(Table.Row first, int columns) {
    List<String> fields = first.fields().stream().map(ColumnNames::plain).toList();
    return withDelimiter(null).equals(USUAL)
        && fields.size() >= columns
        && ColumnNames.Usual.SOURCES.contains(fields.getFirst())
        && (columns < 2 || ColumnNames.Usual.TARGETS.contains(fields.get(1)));
  }

  private static int[] numbers(List<String> columns) {
    return columns.stream().mapToInt(column -> Integer.parseInt(column) - 1).toArray();
  }

  private int[] places(Table.Row header, List<String> columns) {
    String fix = "The first line must name the columns, once each: see {source} and {target}.";
    if (named()) {
      return columns.stream().mapToInt(column -> header.column(column, fix)).toArray();
    }
    var names = new ColumnNames(header.fields());
    var usual =
        List.of(ColumnNames.Usual.SOURCES, ColumnNames.Usual.TARGETS).subList(0, columns.size());
    int[] places = new int[columns.size()];
    for (int i = 0; i < places.length; i++) {
      List<Integer> found = names.usual(usual.get(i));
      if (found.size() != 1) {
        throw header.error(
            "which of " + header.fields() + " is the " + usual.get(i).getFirst() + " is not said",
            fix);
      }
      places[i] = found.getFirst();
    }
    return places;
  }

  private List<String> chosen(Table.Row row, int[] places) {
    var some = new ArrayList<String>();
    for (int place : places) {
      if (place >= row.fields().size()) {
        throw row.error(
            Plural.of(row.fields().size(), "field")
                + ", where column "
                + (place + 1)
                + " is wanted",
            delimiter == null
                ? "A tab stands between the fields of a line (in .csv files a comma, or what the first lines"
                    + " have)."
                : "{delimiter} says what stands between the fields of a line.");
      }
      some.add(JsonRows.text(row, place));
    }
    return some;
  }
}
