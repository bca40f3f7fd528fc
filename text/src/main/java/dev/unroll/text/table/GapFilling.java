package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.data.Series;
import dev.unroll.text.Gaps;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts the rows of a file in their places in time, and treats what is missing between them. */
final class GapFilling {

  /** What people, R, pandas, SAS, databases and spreadsheets write where no number is known. */
  private static final Pattern MISSING =
      Pattern.compile(
          "(?i)|[+-]?nan|na|n/a|<na>|#na|#n/a|#nv|null|none|\\.|\\?|-{1,3}|[\u2013\u2014]");

  /** Stands between a column and one of its categories, which is 1 where the column has it. */
  static final String CATEGORY = "=";

  /** Rows that are filled in however many are missing. */
  private static final int MOST_ROWS = 1_000_000;

  private final TimedRows table;
  private final List<TimedRows.Row> rows;
  private final Gaps gaps;
  private final Map<String, Integer> fields = new HashMap<>();

  /** Of each row of the file its row in the series. */
  private final int[] places;

  /**
   * Columns of numbers that are the same in all rows, with what stands for those that are empty.
   */
  private final Map<String, Double> statics;

  GapFilling(TimedRows table, @Nullable TimeAxis axis, Gaps gaps, Map<String, Double> statics) {
    this.table = table;
    this.rows = table.rows();
    this.gaps = gaps;
    this.statics = statics;
    List<String> names = table.header().fields();
    for (int field = 0; field < names.size(); field++) {
      fields.put(names.get(field), field);
    }
    places = new int[rows.size()];
    for (int i = 1; i < places.length; i++) {
      places[i] = axis == null || gaps == Gaps.SKIP ? i : place(i, axis);
    }
  }

  int[] places() {
    return places;
  }

  /** Returns the number of rows of the series up to the last one of the file. */
  int size() {
    return places[places.length - 1] + 1;
  }

  private int place(int i, TimeAxis axis) {
    TimedRows.Row row = rows.get(i);
    long place = axis.place(i);
    String written = row.own().fields().get(table.timeColumn());
    String step = axis.step();
    if (place <= places[i - 1]) {
      throw row.own()
          .error(
              String.format(
                  Locale.ROOT,
                  "the time %s is not a whole number of steps of %s after the first",
                  written,
                  step),
              "Take averages over equal steps, or {gaps skip}, which takes rows as they come.");
    }
    long missing = place - places[i - 1] - 1;
    if (missing > 0 && gaps == Gaps.REFUSE) {
      throw row.own()
          .error(
              String.format(
                  Locale.ROOT,
                  "%,d row%s missing before %s: steps are of %s",
                  missing,
                  missing == 1 ? " is" : "s are",
                  written,
                  step),
              "Add them, or let them be filled in ({gaps fill}) or be unknown ({gaps mask}), or take rows"
                  + " as they come ({gaps skip}).");
    }
    if (missing > rows.size()) {
      throw row.own()
          .error(
              String.format(
                  Locale.ROOT,
                  "%,d rows are missing before %s, more than there are",
                  missing,
                  written),
              "Correct the time, cut the file in two, or take rows as they come ({gaps skip}).");
    }
    if (place > MOST_ROWS && place / 10 > rows.size()) {
      throw row.own()
          .error(
              String.format(
                  Locale.ROOT,
                  "of the %,d rows up to %s nine in ten are missing",
                  place + 1,
                  written),
              "Take averages over longer steps, or take rows as they come ({gaps skip}).");
    }
    return Math.toIntExact(place);
  }

  /**
   * Writes a column; what is missing lies on a straight line between its neighbors.
   *
   * @param numbers the rows of the series
   * @param column where to write
   * @param wanted the name of the column
   * @param open whether the last rows of the file may be empty
   */
  void fill(double[][] numbers, int column, String wanted, boolean open) {
    Place place = place(wanted);
    int field = place.field;
    double fixed = fixed(place, wanted);
    int end = rows.size();
    while (open
        && Double.isNaN(fixed)
        && end > 0
        && isMissing(rows.get(end - 1).own().fields().get(field))) {
      end--;
    }
    for (int row = 0; gaps == Gaps.MASK && row < numbers.length; row++) {
      numbers[row][column] = Double.NaN;
    }
    int before = -1;
    for (int i = 0; i < end; i++) {
      Table.Row row = rows.get(i).own();
      String text = row.fields().get(field);
      double value = isMissing(text) ? fixed : value(row, place, wanted, text);
      if (Double.isNaN(value)) {
        checkMayMiss(row, wanted);
        continue;
      }
      numbers[places[i]][column] = value;
      if (gaps != Gaps.MASK) {
        interpolate(numbers, column, before, places[i]);
      }
      before = places[i];
    }
    if (before < 0 && !open && !statics.containsKey(wanted)) {
      throw new InputException(
          String.format(Locale.ROOT, "%s: column %s has no number", table.header().file(), wanted),
          "Name another column.");
    }
    int known = end < rows.size() ? 0 : size();
    for (int row = before + 1; row < numbers.length; row++) {
      boolean filled = row < known && gaps != Gaps.MASK;
      numbers[row][column] = filled ? numbers[before][column] : Double.NaN;
    }
  }

  /**
   * Where a column stands.
   *
   * @param category the category whose rows are 1; null for a column of numbers
   */
  private record Place(int field, @Nullable String category) {}

  /**
   * Returns what stands for the empty fields of a column that says the same in all rows: what the
   * others say or, where none says anything, no category or the mean of other series. NaN for
   * nothing: in other columns, and where the network reads what is missing.
   */
  private double fixed(Place place, String wanted) {
    Double mean = statics.get(wanted);
    if (place.category == null && mean == null) {
      return Double.NaN;
    }
    for (TimedRows.Row each : rows) {
      String text = each.own().fields().get(place.field);
      if (!isMissing(text)) {
        return gaps == Gaps.MASK ? Double.NaN : value(each.own(), place, wanted, text);
      }
    }
    if (mean == null) {
      return 0;
    }
    return gaps == Gaps.MASK ? Double.NaN : mean;
  }

  private double value(Table.Row row, Place place, String wanted, String text) {
    if (place.category == null) {
      return number(row, wanted, text);
    }
    return place.category.equals(text) ? 1 : 0;
  }

  private Place place(String wanted) {
    int field = field(wanted);
    int equals = wanted.indexOf(CATEGORY);
    while (field < 0 && equals > 0) {
      field = field(wanted.substring(0, equals));
      if (field >= 0) {
        return new Place(field, wanted.substring(equals + 1));
      }
      equals = wanted.indexOf(CATEGORY, equals + 1);
    }
    if (field < 0 || field == table.timeColumn()) {
      String named = field < 0 ? origin(wanted) : wanted;
      String fix = "Name one of the columns.";
      throw table
          .header()
          .error(
              String.format(
                  Locale.ROOT,
                  "no column of numbers is called «%s», among %s",
                  named,
                  table.columns()),
              new ColumnNames(table.columns())
                  .meant(named)
                  .map(name -> "Did you mean «" + name + "»? " + fix)
                  .orElse(fix));
    }
    return new Place(field, null);
  }

  /** Returns the field of a column by its name, also in other case; -1 for none. */
  private int field(String name) {
    Integer exact = fields.get(name);
    return exact == null ? table.header().place(name) : exact;
  }

  private void checkMayMiss(Table.Row row, String wanted) {
    if (gaps != Gaps.FILL && gaps != Gaps.MASK) {
      throw row.error(
          String.format(Locale.ROOT, "no number in column %s", wanted),
          gaps == Gaps.REFUSE
              ? "Give one, or let it be filled in, {gaps fill}, or be unknown, {gaps mask}."
              : "Give one, or take the row out.");
    }
  }

  /** Fills in what lies between two rows; before the first number there is only that. */
  private static void interpolate(double[][] numbers, int column, int before, int place) {
    double value = numbers[place][column];
    double low = before < 0 ? value : numbers[before][column];
    for (int between = before + 1; between < place; between++) {
      double share = before < 0 ? 1 : (double) (between - before) / (place - before);
      numbers[between][column] = low + share * (value - low);
    }
  }

  /** Returns the number of fields of some columns that have no number. */
  static long missing(TimedRows table, List<String> columns) {
    long missing = 0;
    for (String each : columns) {
      int field = table.header().fields().indexOf(each);
      missing +=
          table.rows().stream()
              .filter(row -> field >= 0 && isMissing(row.own().fields().get(field)))
              .count();
    }
    return missing;
  }

  /** Returns what a column says in all rows of a series that it says something in. */
  static String only(TimedRows table, String column) {
    int field = table.header().column(column, "Name one of the columns.");
    String only = "";
    for (TimedRows.Row row : table.rows()) {
      String own = row.own().fields().get(field);
      if (isMissing(own) || own.equals(only)) {
        continue;
      }
      if (!only.isEmpty()) {
        throw row.own()
            .error(
                String.format(
                    Locale.ROOT,
                    "the static column %s is «%s», and «%s» in rows before",
                    column,
                    own,
                    only),
                table.places().series() < 0
                    ? "It must be the same in all rows of a series: name the column that tells series"
                        + " apart with {series}, or take this one as observed."
                    : "It must be the same in all rows of a series: take it as observed.");
      }
      only = own;
    }
    return only;
  }

  /** Returns whether a field of a column is a number. */
  static boolean hasNumber(TimedRows table, String column) {
    int field = table.header().fields().indexOf(column);
    return table.rows().stream()
        .map(row -> row.own().fields().get(field))
        .anyMatch(text -> !isMissing(text) && !Double.isNaN(table.numbers().parse(text)));
  }

  /** Returns the most decimals that a number of a column has. */
  static int decimals(TimedRows table, String column) {
    int field = table.header().place(column);
    return table.rows().stream()
        .map(row -> field < 0 ? "" : row.own().fields().get(field))
        .filter(text -> !isMissing(text))
        .mapToDouble(table.numbers()::parse)
        .filter(value -> Double.isFinite(value) && value != 0)
        .mapToInt(value -> new BigDecimal(Double.toString(value)).stripTrailingZeros().scale())
        .reduce(0, Math::max);
  }

  private static boolean isMissing(String text) {
    return MISSING.matcher(text).matches();
  }

  private double number(Table.Row row, String column, String text) {
    double value = table.numbers().parse(text);
    if (!(Math.abs(value) <= Series.LARGEST)) {
      throw row.error(
          String.format(
              Locale.ROOT,
              "«%s» in column %s is not a %s",
              text,
              column,
              Double.isNaN(value) ? "finite number" : "number up to " + Series.LARGEST),
          "Write numbers as 0.25 or 1e-3, all with a point or all with a comma, or leave the column out.");
    }
    return value;
  }

  static String origin(String column) {
    int equals = column.indexOf(CATEGORY);
    return equals > 0 ? column.substring(0, equals) : column;
  }
}
