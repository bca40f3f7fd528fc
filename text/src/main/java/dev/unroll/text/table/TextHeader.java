package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.file.Numbers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where texts and labels stand in a table: by the names of its first row or, where nobody named
 * them and one reading alone makes sense, as the rows show it.
 *
 * @param text place of the texts
 * @param label place of the labels; -1 where none are wanted
 * @param named whether the first row has the names of the columns
 * @param found what was found and not named, a sentence; empty where nothing was
 */
record TextHeader(int text, int label, boolean named, String found) {

  /** Rows that show which column has the labels. */
  private static final int ENOUGH = 1000;

  /** So many rows after the first one show something. */
  private static final int LEAST = 4;

  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,4}");

  /**
   * Returns what the first rows of a file show; null where more are needed.
   *
   * @param all whether there are no more
   * @param objects whether the rows are objects of JSON, which have names always
   * @throws InputException if the columns cannot be found
   */
  static @Nullable TextHeader of(
      List<Table.Row> rows, TextTable table, boolean labeled, boolean all, boolean objects) {
    return new Search(rows, table, labeled).found(all || rows.size() >= ENOUGH, objects);
  }

  /** Returns how a file is read whose columns were found. */
  TextTable of(TextTable table, Table.Row first) {
    Function<Integer, String> name =
        place -> named ? first.fields().get(place).strip() : Integer.toString(place + 1);
    TextTable own = table.withText(name.apply(text));
    return label < 0 ? own : own.withLabel(name.apply(label));
  }

  /**
   * The places of columns.
   *
   * @param header where texts and labels are
   * @param weight where weights are, or -1
   * @param group where groups are, or -1
   * @param first the first row of the file
   */
  record Places(TextHeader header, int weight, int group, Table.Row first) {

    static Places of(TextHeader header, Table.Row first, TextTable.Aside aside) {
      return new Places(
          header,
          place(header, first, aside.weight(), "weight-column"),
          place(header, first, aside.group(), "group"),
          first);
    }

    /** Returns what is known of the text of a row besides its labels. */
    TextTable.Known known(Table.Row row, boolean keepsColumns) {
      if (!keepsColumns && weight < 0 && group < 0) {
        return TextTable.Known.NOTHING;
      }
      return new TextTable.Known(
          weight < 0 ? 1 : weight(row),
          group < 0 ? "" : row.fields().get(group).strip(),
          keepsColumns ? columns(row) : Map.of());
    }

    private double weight(Table.Row row) {
      double number = NumberForm.only(row.fields().get(weight).strip());
      if (!(number >= 0 && number <= 1e6)) {
        throw row.error(
            String.format(Locale.ROOT, "the weight is «%s»", row.fields().get(weight)),
            "A weight is a number in 0 … 1,000,000; 1 is the usual one.");
      }
      return number;
    }

    private Map<String, String> columns(Table.Row row) {
      var columns = new LinkedHashMap<String, String>();
      for (int i = 0; i < first.fields().size(); i++) {
        String name = header.named() ? first.fields().get(i).strip() : Integer.toString(i + 1);
        columns.put(name, i < row.fields().size() ? JsonRows.text(row.fields().get(i)) : "");
      }
      return columns;
    }

    private static int place(
        TextHeader header, Table.Row first, @Nullable String name, String option) {
      if (name == null) {
        return -1;
      }
      if (header.named()) {
        return first.column(name, "See {" + option + "}.");
      }
      double number = Numbers.parse(name);
      if (!(number >= 1 && number <= first.fields().size() && number == Math.rint(number))) {
        throw first.error(
            "there is no header with a column «" + name + "»",
            "Give {" + option + "} a number, from 1.");
      }
      return (int) number - 1;
    }
  }

  /**
   * A search among some rows.
   *
   * @param rows the first rows
   * @param table the names that are wanted
   * @param labeled whether labels are wanted
   */
  private record Search(List<Table.Row> rows, TextTable table, boolean labeled) {

    private static final int OPEN = -1;

    private Table.Row first() {
      return rows.getFirst();
    }

    private ColumnNames names() {
      return new ColumnNames(first().fields());
    }

    private int columns() {
      return first().fields().size();
    }

    @Nullable TextHeader found(boolean enough, boolean objects) {
      if (!objects && areNumbers()) {
        return byNumber();
      }
      int text = place(table.text(), usualTexts(), "text");
      int label = labeled ? place(table.label(), usualLabels(), "label") : OPEN;
      if (text != OPEN && text == label) {
        throw first().error("texts and labels are the same column", "Name two columns.");
      }
      boolean twoLeft = columns() == 2 && labeled;
      if (text == OPEN && label != OPEN && twoLeft && !usualTexts().isEmpty()) {
        text = 1 - label;
      } else if (label == OPEN && text != OPEN && twoLeft && !usualLabels().isEmpty()) {
        label = 1 - text;
      }
      if (text != OPEN && (label != OPEN || !labeled)) {
        return new TextHeader(text, label, true, said(text, label));
      }
      if (!objects && text == OPEN && label == OPEN && isOpen()) {
        if (columns() == 1 && !labeled) {
          return new TextHeader(
              0, OPEN, false, "the first line is read as a text, not as the name of a column");
        }
        if (twoLeft) {
          return enough ? byContent() : null;
        }
      }
      throw refused(text == OPEN);
    }

    private List<String> usualTexts() {
      return ColumnNames.Usual.of(table.text(), ColumnNames.Usual.TEXTS);
    }

    private List<String> usualLabels() {
      return ColumnNames.Usual.ofAnswers(table.label());
    }

    /** Whether nobody named a column. */
    private boolean isOpen() {
      return !usualTexts().isEmpty() && (!labeled || !usualLabels().isEmpty());
    }

    /** Returns where a column is; open where it has none of the names. */
    private int place(String wanted, List<String> usual, String option) {
      List<Integer> places = names().places(wanted);
      if (places.isEmpty()) {
        places = names().usual(usual);
      }
      if (places.size() > 1) {
        String several =
            places.stream().map(names().listed()::get).collect(Collectors.joining(", "));
        throw first()
            .error(
                String.format(
                    Locale.ROOT,
                    "several columns are called «%s» or may be meant: %s",
                    wanted,
                    several),
                String.format(Locale.ROOT, "Name one of them with {%s}, once each.", option));
      }
      return places.isEmpty() ? OPEN : places.getFirst();
    }

    private InputException refused(boolean ofText) {
      String wanted = ofText ? table.text() : table.label();
      String option = ofText ? "text" : answers();
      Optional<String> meant = names().meant(wanted);
      String fix =
          "The first line must name the columns, once each: see {text}"
              + (labeled ? " and {" + answers() + "}" : "")
              + "; of a file without a header, give their numbers from 1.";
      return first()
          .error(
              String.format(
                  Locale.ROOT, "no column is called «%s», among %s", wanted, names().listed()),
              meant
                  .map(name -> String.format(Locale.ROOT, "Did you mean {%s %s}?", option, name))
                  .orElse(fix));
    }

    private String answers() {
      return ColumnNames.Usual.of(table.label(), ColumnNames.Usual.VALUES).isEmpty()
          ? "label"
          : "value";
    }

    /** Says what was found by another name than the one that is wanted. */
    private String said(int text, int label) {
      boolean other = names().places(table.text()).isEmpty();
      boolean otherLabel = label != OPEN && names().places(table.label()).isEmpty();
      if (!other && !otherLabel) {
        return "";
      }
      String texts = "texts are read from the column «" + first().fields().get(text).strip() + "»";
      return label == OPEN
          ? texts
          : texts + ", " + answers() + "s from «" + first().fields().get(label).strip() + "»";
    }

    /** Whether columns are numbers, and not the names of columns. */
    private boolean areNumbers() {
      boolean text = NUMBER.matcher(table.text()).matches();
      boolean label = !labeled || NUMBER.matcher(table.label()).matches();
      return text && label && names().places(table.text()).isEmpty();
    }

    private TextHeader byNumber() {
      int text = Integer.parseInt(table.text()) - 1;
      int label = labeled ? Integer.parseInt(table.label()) - 1 : OPEN;
      if (!labeled && columns() == 1) {
        text = 0; // texts alone
      }
      if (text == label || Math.max(text, label) >= columns()) {
        throw first()
            .error(
                String.format(
                    Locale.ROOT,
                    "the texts are to be column %s%s, but there are %d columns",
                    table.text(),
                    labeled ? " and the labels column " + table.label() : "",
                    columns()),
                "Give other numbers, or the names of a header.");
      }
      return new TextHeader(text, label, false, "");
    }

    /**
     * Tells labels from texts: they are few, or numbers; a first row like the others is no header.
     */
    private TextHeader byContent() {
      boolean values = !ColumnNames.Usual.of(table.label(), ColumnNames.Usual.VALUES).isEmpty();
      List<Integer> answers =
          IntStream.range(0, 2).filter(i -> values ? hasNumbers(i) : isFew(i)).boxed().toList();
      if (rows.size() <= LEAST || answers.size() != 1) {
        throw refused(true);
      }
      int label = answers.getFirst();
      String first = first().fields().get(label).strip();
      boolean named =
          values
              ? Double.isNaN(NumberForm.of(values(label)).parse(first))
              : !column(label).contains(first);
      String found =
          named
              ? said(1 - label, label)
              : String.format(
                  Locale.ROOT,
                  "there is no header: texts are read from column %d, %ss from column %d",
                  2 - label,
                  answers(),
                  label + 1);
      return new TextHeader(1 - label, label, named, found);
    }

    /** Returns the values of a column after the first row. */
    private Set<String> column(int place) {
      return new HashSet<>(values(place));
    }

    private List<String> values(int place) {
      var values = new ArrayList<String>();
      for (Table.Row row : rows.subList(1, rows.size())) {
        if (row.fields().size() == 2 && !row.isBlank()) {
          values.add(row.fields().get(place).strip());
        }
      }
      return values;
    }

    private boolean hasNumbers(int place) {
      var form = NumberForm.of(values(place));
      return values(place).stream().noneMatch(each -> Double.isNaN(form.parse(each)));
    }

    /** Whether a column has few values, which are not longer than a label, and the other many. */
    private boolean isFew(int place) {
      int count = values(place).size();
      int other = column(1 - place).size();
      boolean isShort = column(place).stream().allMatch(each -> each.length() <= 60);
      return isShort && column(place).size() <= count / 2 && other > column(place).size();
    }
  }
}
