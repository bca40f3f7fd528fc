package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.file.Numbers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/** A file of measurements: a table whose first row names the columns, or objects of JSON. */
final class SeriesFile {

  /** Lines that show what stands between fields. */
  private static final int SAMPLE = 20;

  private SeriesFile() {}

  /**
   * Reads the rows of a file, the names of the columns first. All have as many fields, without
   * white space around them.
   *
   * @throws InputException if it cannot be read, or names no columns
   */
  static List<Table.Row> rows(Path file, SeriesForm written) {
    return Table.hasObjects(file)
        ? objects(file)
        : rows(Table.read(file), Table.isCalled(file, ".tsv") ? '\t' : ',', written);
  }

  /**
   * Returns the rows of a table in the same way.
   *
   * @param usual what stands between fields if the table does not show it
   */
  static List<Table.Row> rows(Table table, char usual, SeriesForm written) {
    if (table.header().isBlank()) {
      throw InputException.at(
          table.name(),
          1,
          "there is no header",
          "The first line names the columns, such as: time,load");
    }
    Table.Format format = format(table, usual, written);
    boolean alone = table.separator() == null && table.header().indexOf(format.delimiter()) < 0;
    var read = table.rows(format, alone); // in a column alone a blank line lacks a number
    List<Table.Row> all = withoutEnd(read.stream().map(SeriesFile::trimmed).toList());
    Table.Row header = all.getFirst();
    checkHeader(header, table.header());
    String fix =
        table.header().startsWith("#")
            ? "The first line names the columns: take comments above it out."
            : "Every line has a field for each column; it may be empty.";
    all.forEach(row -> row.checkSize(header, fix));
    return all;
  }

  private static Table.Format format(Table table, char usual, SeriesForm written) {
    Character delimiter = written.delimiter() == null ? table.separator() : written.delimiter();
    if (delimiter != null) {
      return new Table.Format(delimiter, true);
    }
    return new Table.Format(usual, true).found(table.firstLines(SAMPLE));
  }

  /**
   * Returns how a table is written that somebody sends who cannot say it: its times stand in a
   * column that is not read, if they do; it need not have the column that names series.
   *
   * @param read the columns that are read
   */
  static SeriesForm found(Table table, char usual, SeriesForm written, List<String> read) {
    if (table.header().isBlank()) {
      return written; // which is refused when it is read
    }
    List<Table.Row> rows = table.rows(format(table, usual, written));
    Table.Row header = trimmed(rows.getFirst());
    String series = written.series();
    SeriesForm own =
        series == null || header.place(series) >= 0 ? written : written.withSeries(SeriesRows.NONE);
    var others = new ArrayList<>(header.fields());
    read.forEach(column -> remove(others, header, column));
    remove(others, header, series == null ? "" : series);
    boolean open = own.time() == null;
    if (others.contains(SeriesRows.TIME) && (open || SeriesRows.NONE.equals(own.time()))) {
      return own.withTime(SeriesRows.TIME);
    }
    if (!open || rows.size() < 2) {
      return own;
    }
    Table.Row first = trimmed(rows.get(1));
    return others.stream()
        .filter(column -> isTimeOf(first, header.fields().indexOf(column)))
        .findFirst()
        .map(own::withTime)
        .orElse(own.withTime(SeriesRows.NONE));
  }

  private static void remove(List<String> columns, Table.Row header, String column) {
    int place = header.place(column);
    if (place >= 0) {
      columns.remove(header.fields().get(place));
    }
  }

  private static boolean isTimeOf(Table.Row row, int field) {
    return field < row.fields().size() && TimeFormSearch.isTime(row.fields().get(field));
  }

  private static Table.Row trimmed(Table.Row row) {
    return new Table.Row(row.file(), row.line(), row.fields().stream().map(String::trim).toList());
  }

  /** Returns rows without blank lines and columns, without a name, at the end. */
  private static List<Table.Row> withoutEnd(List<Table.Row> table) {
    int rows = table.size();
    while (rows > 1 && table.get(rows - 1).fields().equals(List.of(""))) {
      rows--;
    }
    List<Table.Row> all = table.subList(0, rows);
    int columns = all.getFirst().fields().size();
    int size = columns;
    while (size > 1 && isEmpty(all, size - 1)) {
      size--;
    }
    int own = size;
    return own == columns
        ? all
        : all.stream().map(row -> row.fields().size() > columns ? row : first(row, own)).toList();
  }

  private static boolean isEmpty(List<Table.Row> all, int column) {
    return all.stream()
        .allMatch(row -> row.fields().size() <= column || row.fields().get(column).isEmpty());
  }

  private static Table.Row first(Table.Row row, int columns) {
    int size = Math.min(columns, row.fields().size());
    return new Table.Row(row.file(), row.line(), row.fields().subList(0, size));
  }

  private static void checkHeader(Table.Row header, String line) {
    List<String> names = header.fields();
    var seen = new HashSet<String>();
    for (String each : names) {
      if (!seen.add(each)) {
        throw header.error(
            String.format(Locale.ROOT, "several columns are called «%s»", each), "Name each once.");
      }
    }
    if (names.stream().allMatch(each -> Numbers.isNumber(each) || TimeFormSearch.isTime(each))) {
      throw noHeader(header, line);
    }
  }

  /** Refuses a first row that is like the others. */
  static InputException noHeader(Table.Row first, String line) {
    return first.error(
        String.format(Locale.ROOT, "there is no header, but «%s»", line),
        "Put a line above that names the columns.");
  }

  /** Objects of JSON below the names of their members. */
  private static List<Table.Row> objects(Path file) {
    List<Table.Row> rows = JsonRows.all(file);
    Table.Row first = rows.get(1);
    for (int field = 0; rows.size() == 2 && field < first.fields().size(); field++) {
      if (JsonRows.isArray(first.fields().get(field))) {
        throw first.error(
            String.format(
                Locale.ROOT,
                "the file is one object, whose member «%s» is an array",
                rows.getFirst().fields().get(field)),
            "Write an object for each time, such as {\"time\": \"2024-01-31\", \"load\": 12.5}, or an"
                + " array of them.");
      }
    }
    return rows.stream().map(SeriesFile::textual).map(SeriesFile::trimmed).toList();
  }

  private static Table.Row textual(Table.Row row) {
    return new Table.Row(
        row.file(), row.line(), row.fields().stream().map(JsonRows::text).toList());
  }
}
