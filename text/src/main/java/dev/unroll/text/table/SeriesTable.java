package dev.unroll.text.table;

import dev.unroll.data.Series;
import dev.unroll.file.InputException;
import dev.unroll.text.Lines;
import dev.unroll.text.Plural;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * A file of measurements in time: a header, then a row for each time, in ascending order; fields
 * between commas (RFC 4180), semicolons where the header has them, or in files called .tsv tabs.
 */
public final class SeriesTable {

  /** The time column's name where rows have no time and are a step apart. */
  public static final String NO_TIME = "none";

  /** What becomes of rows and numbers that are missing. */
  public enum Gaps {
    /** They are an error that names the place. */
    REFUSE,
    /** They are filled in by a straight line between what is before and behind. */
    FILL,
    /** Rows are taken as they come, a step apart whatever their times; a number may not miss. */
    SKIP;

    /** Returns the one that an option names. */
    public static Gaps of(String label) {
      for (Gaps each : values()) {
        if (each.name().toLowerCase(Locale.ROOT).equals(label)) {
          return each;
        }
      }
      throw new InputException("gaps cannot be treated by " + label, "Use refuse, fill or skip.");
    }
  }

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");
  private static final Pattern MISSING = Pattern.compile("(?i)|nan|na|n/a|null|-");

  private final String name;
  private final List<String> header;
  private final int timeColumn;
  private final List<Row> rows;

  private record Row(long line, List<String> fields, @Nullable LocalDateTime time) {}

  private final TimeAxis.@Nullable Form form;

  private SeriesTable(
      String name,
      List<String> header,
      int timeColumn,
      List<Row> rows,
      TimeAxis.@Nullable Form form) {
    this.name = name;
    this.header = header;
    this.timeColumn = timeColumn;
    this.rows = rows;
    this.form = form;
  }

  /**
   * Reads a file.
   *
   * @param time the time's column; null for the first, {@link #NO_TIME} for none
   * @throws InputException if it cannot be read, or times are wrong, doubled or out of order
   */
  public static SeriesTable read(Path file, @Nullable String time) {
    String name = Lines.nameOf(file);
    var lines = new ArrayList<String>();
    Lines.read(file, lines::add);
    if (lines.isEmpty() || lines.getFirst().isBlank()) {
      throw InputException.at(
          name, 1, "there is no header", "The first line names the columns, such as: time,load");
    }
    char delimiter = delimiter(file, lines.getFirst());
    var format =
        CSVFormat.RFC4180
            .builder()
            .setDelimiter(delimiter)
            .setIgnoreEmptyLines(true)
            .setTrim(true)
            .get();
    var records = new ArrayList<CSVRecord>();
    var ends = new ArrayList<Long>();
    try (var parser = format.parse(new StringReader(String.join("\n", lines) + "\n"))) {
      for (CSVRecord each : parser) {
        records.add(each);
        ends.add(parser.getCurrentLineNumber());
      }
    } catch (IOException | UncheckedIOException e) {
      throw InputException.at(
          name,
          ends.isEmpty() ? 1 : ends.getLast() + 1,
          "a quote that is not closed, or something behind one that is",
          "A quote within a field between quotes is written twice.");
    }
    List<String> header = records.getFirst().toList();
    for (String each : header) {
      if (header.indexOf(each) != header.lastIndexOf(each)) {
        throw InputException.at(
            name, 1, "more than one column is called «%s»".formatted(each), "Name each once.");
      }
    }
    if (header.stream()
        .allMatch(each -> NUMBER.matcher(each).matches() || TimeAxis.read(each) != null)) {
      throw InputException.at(
          name,
          1,
          "there is no header, but «%s»".formatted(lines.getFirst()),
          "Put a line above that names the columns.");
    }
    int timeColumn = NO_TIME.equals(time) ? -1 : time == null ? 0 : header.indexOf(time);
    if (time != null && timeColumn < 0 && !NO_TIME.equals(time)) {
      throw InputException.at(
          name,
          1,
          "no column is called «%s», among %s".formatted(time, header),
          "Name the time's column with {time}, or none where rows have no time.");
    }
    return of(name, header, timeColumn, records.subList(1, records.size()), ends);
  }

  private static char delimiter(Path file, String header) {
    if (file.toString().toLowerCase(Locale.ROOT).replaceAll("\\.gz$", "").endsWith(".tsv")) {
      return '\t';
    }
    return header.indexOf(';') >= 0 && header.indexOf(',') < 0 ? ';' : ',';
  }

  private static SeriesTable of(
      String name, List<String> header, int timeColumn, List<CSVRecord> records, List<Long> ends) {
    var rows = new ArrayList<Row>();
    TimeAxis.Form form = null;
    LocalDateTime before = null;
    for (int i = 0; i < records.size(); i++) {
      List<String> fields = records.get(i).toList();
      long line = ends.get(i + 1);
      if (fields.size() != header.size()) {
        throw InputException.at(
            name,
            line,
            Plural.of(fields.size(), "field") + ", but the header has " + header.size(),
            "Every line has a field for each column; it may be empty.");
      }
      LocalDateTime time = null;
      if (timeColumn >= 0) {
        var read = TimeAxis.read(fields.get(timeColumn));
        if (read == null || (form != null && read.form() != form)) {
          throw InputException.at(
              name,
              line,
              "«%s» is not a time%s"
                  .formatted(
                      fields.get(timeColumn), read == null ? "" : " written as those before"),
              "Write 1949, 1949-01, 1949-01-31 or 1949-01-31 23:59:59; {time} NAME names another column, and"
                  + " {time} none says that rows have no time.");
        }
        time = read.time();
        form = read.form();
        checkAfter(name, line, before, time, fields.get(timeColumn));
        before = time;
      }
      rows.add(new Row(line, fields, time));
    }
    if (rows.size() < 2) {
      throw new InputException(
          name + ": " + Plural.of(rows.size(), "row"), "A series has two rows or more.");
    }
    return new SeriesTable(name, header, timeColumn, rows, form);
  }

  private static void checkAfter(
      String file, long line, @Nullable LocalDateTime before, LocalDateTime time, String written) {
    if (before != null && time.equals(before)) {
      throw InputException.at(
          file,
          line,
          "the time %s is there twice".formatted(written),
          "Keep one row for each time; several series go into files of their own.");
    }
    if (before != null && time.isBefore(before)) {
      throw InputException.at(
          file,
          line,
          "the time %s comes after a later one".formatted(written),
          "Sort the rows by time.");
    }
  }

  /** Returns the number of rows of the file, without the header. */
  public int size() {
    return rows.size();
  }

  /** Returns the columns but the time's. */
  public List<String> columns() {
    var columns = new ArrayList<>(header);
    if (timeColumn >= 0) {
      columns.remove(timeColumn);
    }
    return columns;
  }

  /** Returns the rows from {@code from} up to {@code to}. */
  public SeriesTable rows(int from, int to) {
    return new SeriesTable(name, header, timeColumn, rows.subList(from, to), form);
  }

  /** Returns whether the times are years: four digits are one of them. */
  public boolean isOfYears() {
    return form == TimeAxis.Form.YEAR;
  }

  /**
   * Returns the first row whose time is not before one that is written.
   *
   * @param after whether that time itself lies before the row
   * @throws InputException if it is no time
   */
  public int rowOf(String time, boolean after) {
    var read = TimeAxis.read(time);
    if (read == null || timeColumn < 0) {
      throw new InputException(
          "«%s» is %s"
              .formatted(time, timeColumn < 0 ? "a time, but rows have none" : "not a time"),
          "Give a number of a row, a share such as 80%, or a time such as 1949-01-31.");
    }
    int row = 0;
    while (row < rows.size() && isBefore(timeOf(rows.get(row)), read.time(), after)) {
      row++;
    }
    return row;
  }

  private static boolean isBefore(LocalDateTime own, LocalDateTime time, boolean orEqual) {
    return own.isBefore(time) || (orEqual && own.equals(time));
  }

  private static LocalDateTime timeOf(Row row) {
    LocalDateTime time = row.time;
    if (time == null) {
      throw new IllegalStateException("a row without a time");
    }
    return time;
  }

  /**
   * What was read.
   *
   * @param series the numbers
   * @param axis the times of the rows; null where they have none
   * @param places of each row of the file its row in the series, where rows were filled in between
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Read(Series series, @Nullable TimeAxis axis, int[] places) {

    /** Returns how the time of a row is written: its number, from 1, where there is none. */
    public String label(int row) {
      return axis == null ? Integer.toString(row + 1) : axis.label(row);
    }
  }

  /**
   * Returns some columns.
   *
   * @param calendar columns that are made of the time, behind the others
   * @throws InputException if a column is not there, or a number or a row is missing
   */
  public Read series(List<String> columns, List<Calendar> calendar, Gaps gaps) {
    return series(columns, calendar, gaps, List.of(), 0);
  }

  /**
   * Returns some columns, and rows of a future of which nothing but the calendar is known.
   *
   * @param calendar columns that are made of the time, behind the others
   * @param open columns of which the last rows of the file may be empty: what is to be forecast
   * @param further rows behind those of the file
   * @throws InputException if a column is not there, or a number or a row is missing
   */
  public Read series(
      List<String> columns, List<Calendar> calendar, Gaps gaps, List<String> open, int further) {
    TimeAxis axis = axis();
    if (axis == null && !calendar.isEmpty()) {
      throw new InputException(
          name + ": rows have no time, so that there is no calendar", "Leave {calendar} out.");
    }
    int[] places = places(axis, gaps);
    int size = Math.addExact(places[places.length - 1] + 1, further);
    int width = columns.size() + 2 * calendar.size();
    double[][] numbers = new double[size][width];
    for (int c = 0; c < columns.size(); c++) {
      fill(numbers, c, columns.get(c), places, gaps, open.contains(columns.get(c)));
    }
    for (int row = 0; axis != null && row < size; row++) {
      Calendar.write(calendar, axis.time(row), numbers[row], columns.size());
    }
    var names = new ArrayList<>(columns);
    names.addAll(Calendar.columns(calendar));
    return new Read(new Series(name, names, numbers), axis, places);
  }

  private @Nullable TimeAxis axis() {
    TimeAxis.Form written = form;
    return timeColumn < 0 || written == null
        ? null
        : TimeAxis.of(rows.stream().map(SeriesTable::timeOf).toList(), written);
  }

  private int[] places(@Nullable TimeAxis axis, Gaps gaps) {
    int[] places = new int[rows.size()];
    for (int i = 1; i < places.length; i++) {
      if (axis == null || gaps == Gaps.SKIP) {
        places[i] = i;
        continue;
      }
      Row row = rows.get(i);
      long place = axis.row(timeOf(row));
      String written = row.fields.get(timeColumn);
      String step = axis.step();
      if (place <= places[i - 1]) {
        throw InputException.at(
            name,
            row.line,
            "the time %s is not a whole number of steps of %s behind the first"
                .formatted(written, step),
            "Take means of equal steps, or {gaps} skip, which takes rows as they come.");
      }
      long missing = place - places[i - 1] - 1;
      if (missing > 0 && gaps == Gaps.REFUSE) {
        throw InputException.at(
            name,
            row.line,
            "%,d row%s missing before %s: steps are of %s"
                .formatted(missing, missing == 1 ? " is" : "s are", written, step),
            "Add them, or let them be filled in ({gaps} fill), or take rows as they come ({gaps} skip).");
      }
      if (missing > rows.size()) {
        throw InputException.at(
            name,
            row.line,
            "%,d rows are missing before %s, more than there are".formatted(missing, written),
            "Correct the time, cut the file in two, or take rows as they come ({gaps} skip).");
      }
      places[i] = Math.toIntExact(place);
    }
    return places;
  }

  /** Writes a column; what is missing lies on a straight line between its neighbours. */
  private void fill(
      double[][] numbers, int column, String wanted, int[] places, Gaps gaps, boolean open) {
    int field = header.indexOf(wanted);
    if (field < 0 || field == timeColumn) {
      throw InputException.at(
          name,
          1,
          "no column of numbers is called «%s», among %s".formatted(wanted, columns()),
          "Name columns of the header.");
    }
    int end = rows.size();
    while (open && end > 0 && isMissing(rows.get(end - 1).fields.get(field))) {
      end--;
    }
    int before = -1;
    for (int i = 0; i < end; i++) {
      Row row = rows.get(i);
      String text = row.fields.get(field);
      if (isMissing(text)) {
        if (gaps != Gaps.FILL) {
          throw InputException.at(
              name,
              row.line,
              "no number in column %s".formatted(wanted),
              gaps == Gaps.REFUSE
                  ? "Give one, or let it be filled in: {gaps} fill."
                  : "Give one, or take the row out.");
        }
        continue;
      }
      double value = number(row, wanted, text);
      int place = places[i];
      for (int between = before + 1; between < place; between++) {
        double share = before < 0 ? 1 : (double) (between - before) / (place - before);
        double low = before < 0 ? value : numbers[before][column];
        numbers[between][column] = low + share * (value - low);
      }
      numbers[place][column] = value;
      before = place;
    }
    if (before < 0 && !open) {
      throw new InputException(
          "%s: column %s has no number".formatted(name, wanted), "Name another column.");
    }
    int known = end < rows.size() ? 0 : places[places.length - 1] + 1;
    for (int place = before + 1; place < numbers.length; place++) {
      numbers[place][column] = place < known ? numbers[before][column] : Double.NaN;
    }
  }

  private static boolean isMissing(String text) {
    return MISSING.matcher(text).matches();
  }

  private double number(Row row, String column, String text) {
    double value = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    if (!Double.isFinite(value)) {
      throw InputException.at(
          name,
          row.line,
          "«%s» in column %s is not a finite number".formatted(text, column),
          "Write numbers as 0.25 or 1e-3, or leave the column out.");
    }
    return value;
  }
}
