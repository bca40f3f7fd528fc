package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Provenance;
import dev.unroll.file.Held;
import dev.unroll.file.Plural;
import dev.unroll.result.Overview;
import dev.unroll.text.Passages;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How files of texts with labels are read: tables of commas (RFC 4180) or tabs (as IANA defines
 * them: a tab always ends a field, quotes are letters) whose first line names the columns, objects
 * of JSON, lines of fastText, or a folder with a folder for each label and a file for each text.
 *
 * <p>A usual name, such as {@code text} or {@code label}, stands for all names that are usual for
 * the same: {@code review}, {@code sentiment} and so on. Numbers, from 1, are columns of files
 * without a header.
 *
 * @param text name of the column of the texts; in JSON of the member, such as {@code user.text}
 * @param label name of the column of the labels
 * @param separator what stands between the labels of a text that may have several; null where it
 *     has one
 * @param dialect how files are written
 * @param aside what else is known of each text
 * @param named the options that somebody named a column with, {@value #TEXT} or that of the labels
 */
public record TextTable(
    String text,
    String label,
    @Nullable String separator,
    Dialect dialect,
    Aside aside,
    Set<String> named) {

  /** The option that names the column of the texts. */
  public static final String TEXT = "text";

  /** Checks the separator. */
  public TextTable {
    named = Set.copyOf(named);
    if (separator != null && separator.isEmpty()) {
      throw new InputException(
          "the separator of labels is empty", "Give what stands between them, such as |.");
    }
  }

  /**
   * Files of which nothing else is known of each text.
   *
   * @param form how files are read
   * @param quoted whether fields between tabs may stand between quotes
   */
  public TextTable(
      String text, String label, @Nullable String separator, Form form, boolean quoted) {
    this(text, label, separator, new Dialect(form, quoted, null), Aside.NOTHING, Set.of());
  }

  /**
   * How files are written.
   *
   * @param form how they are read
   * @param quoted whether fields between tabs may stand between quotes
   * @param delimiter what stands between fields; null where it is found from the files
   */
  public record Dialect(Form form, boolean quoted, @Nullable Character delimiter) {}

  /**
   * Columns of what else is known of each text.
   *
   * @param weight how much its loss counts; null for all alike
   * @param group what it belongs to, all of which is in one part of the data; null for nothing
   */
  public record Aside(@Nullable String weight, @Nullable String group) {
    /** Nothing else. */
    public static final Aside NOTHING = new Aside(null, null);

    /** Returns the same with another column of weights. */
    public Aside withWeight(String column) {
      return new Aside(column, group);
    }

    /** Returns the same with another column of groups. */
    public Aside withGroup(String column) {
      return new Aside(weight, column);
    }

    /** Returns the option that names one of these columns; null where none is named. */
    private @Nullable String option() {
      return weight != null ? "weight-column" : group != null ? "group" : null;
    }
  }

  /**
   * Refuses columns that somebody named where what is read has none.
   *
   * @param labeled whether more than the texts is read
   */
  void checkUnnamed(Path file, boolean labeled) {
    String option = labeled ? aside.option() : null;
    if (option == null) {
      option =
          named.stream()
              .filter(each -> labeled || each.equals(TEXT))
              .sorted()
              .findFirst()
              .orElse(null);
    }
    if (option != null) {
      throw new InputException(
          file + ": it has no columns, but one is named",
          "Leave {"
              + option
              + "} out, or give a table (.csv, .tsv, .jsonl); {format csv} says so of other files.");
    }
  }

  /** What the column of the labels has. */
  public enum Answers {
    /** A label, or several. */
    LABELS,
    /** One label or number. */
    ONE,
    /** Numbers: in JSON, an array may have them. */
    VECTOR;

    /** Returns what each text is written for: numbers, or one label. */
    public static Answers given(boolean numbers) {
      return numbers ? VECTOR : ONE;
    }

    /** Returns the only answer of a row; an array must have one element, or be a vector. */
    String only(Table.Row row, int place, String name) {
      String field = row.fields().get(place);
      String text = JsonRows.text(row, place).strip();
      if (!JsonRows.isArray(field)) {
        if (text.isEmpty()) {
          throw empty(row, name);
        }
        return text;
      }
      List<String> elements = JsonRows.elements(field);
      boolean gap = elements.stream().anyMatch(String::isBlank);
      if (gap || elements.isEmpty() || (this == ONE && elements.size() > 1)) {
        throw row.error(
            String.format(
                Locale.ROOT,
                "the %s is an array of %s%s",
                name,
                Plural.of(elements.size(), "element"),
                gap ? ", of which one is empty" : ""),
            this == ONE
                ? "Write one " + name + " for each text."
                : "Write the numbers, such as [0.5, 1].");
      }
      return text;
    }

    /** Refuses a row without an answer. */
    static InputException empty(Table.Row row, String name) {
      return row.error("the " + name + " is empty", "Give it one, or take it out.");
    }
  }

  /** How files are read. */
  public enum Form {
    /**
     * By their names: .csv, .tsv, .jsonl, .json; others are lines if no labels are wanted, and TSV
     * if they are. Where the first line begins with {@code __label__}, they are fastText's.
     */
    BY_NAME,
    /** Fields between commas. */
    CSV,
    /** Fields between tabs. */
    TSV,
    /** One text per line, without labels and header. */
    LINES,
    /** Objects of JSON, one per line or in an array. */
    JSON,
    /** Labels that begin with {@code __label__}, and a text after them. */
    FASTTEXT;

    /** Returns a form by its name. */
    public static Form of(String name) {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "csv" -> CSV;
        case "tsv" -> TSV;
        case "lines" -> LINES;
        case "json", "jsonl", "ndjson" -> JSON;
        case "fasttext" -> FASTTEXT;
        default ->
            throw new InputException(
                "the format is " + name, "Use csv, tsv, jsonl, json, fasttext or lines.");
      };
    }
  }

  /** The columns that most files have. */
  public static final TextTable USUAL = new TextTable("text", "label", null, Form.BY_NAME, false);

  private static final String QUOTES = "quotes";
  private static final String DELIMITER = "delimiter";

  /** The columns of most files of texts with values. */
  public static final TextTable VALUES = USUAL.withLabel("value");

  /** Returns how files are read as a model remembers it; as usual where it remembers nothing. */
  public static TextTable of(Map<String, String> source) {
    return new TextTable(
            source.getOrDefault("text", USUAL.text),
            source.getOrDefault("label", USUAL.label),
            source.get("several"),
            Form.BY_NAME,
            source.containsKey(QUOTES))
        .withDelimiter(delimiter(source.getOrDefault(DELIMITER, "")));
  }

  private static @Nullable Character delimiter(String said) {
    return said.length() == 1 ? said.charAt(0) : null;
  }

  /** Returns how files of texts with values are read, as a model remembers it, in the same way. */
  public static TextTable ofValues(Provenance model) {
    String text = model.text("textColumn");
    String value = model.text("valueColumn");
    return VALUES
        .withText(text.isEmpty() ? VALUES.text : text)
        .withLabel(value.isEmpty() ? VALUES.label : value)
        .withQuotes(!model.text(QUOTES).isEmpty())
        .withDelimiter(delimiter(model.text(DELIMITER)));
  }

  /** Returns how files of texts with values are read, as a model remembers it. */
  public Map<String, String> sourceOfValues() {
    var source = new LinkedHashMap<String, String>();
    source.put("textColumn", text);
    source.put("valueColumn", label);
    putDialect(source);
    return source;
  }

  /** Returns how files are read, as a model remembers it. */
  public Map<String, String> source() {
    var source = new LinkedHashMap<String, String>();
    source.put("text", text);
    source.put("label", label);
    putDialect(source);
    if (separator != null) {
      source.put("several", separator);
    }
    return source;
  }

  private void putDialect(Map<String, String> source) {
    if (quoted()) {
      source.put(QUOTES, "yes");
    }
    if (delimiter() != null) {
      source.put(DELIMITER, delimiter().toString());
    }
  }

  /** Returns the names of all columns that are read of a text and what is known of it. */
  Set<String> columns() {
    var columns = new LinkedHashSet<>(List.of(text, label));
    if (aside.weight != null) {
      columns.add(aside.weight);
    }
    if (aside.group != null) {
      columns.add(aside.group);
    }
    return columns;
  }

  /** Returns how files are read. */
  public Form form() {
    return dialect.form;
  }

  /** Returns whether fields between tabs may stand between quotes. */
  public boolean quoted() {
    return dialect.quoted;
  }

  /** Returns what stands between fields; null where it is found from the files. */
  public @Nullable Character delimiter() {
    return dialect.delimiter;
  }

  /** Returns the same with the texts in another column. */
  public TextTable withText(String column) {
    return new TextTable(column, label, separator, dialect, aside, named);
  }

  /** Returns the same with the labels in another column. */
  public TextTable withLabel(String column) {
    return new TextTable(text, column, separator, dialect, aside, named);
  }

  /**
   * Returns the same with a column that somebody named: what has no columns is refused.
   *
   * @param option that named it: {@link #TEXT}, or the one for the labels
   */
  public TextTable withNamed(String option, String column) {
    var all = new LinkedHashSet<>(named);
    all.add(option);
    TextTable other = option.equals(TEXT) ? withText(column) : withLabel(column);
    return new TextTable(other.text, other.label, separator, dialect, aside, all);
  }

  /** Returns the same where a text may have several labels. */
  public TextTable withSeparator(@Nullable String between) {
    return new TextTable(text, label, between, dialect, aside, named);
  }

  /**
   * Returns what may stand between labels: the usual separator, or the first of others that no
   * label has.
   */
  public static String separator(Collection<String> labels, String usual) {
    return Stream.of(usual, ",", ";", "|", "/")
        .filter(each -> labels.stream().noneMatch(label -> label.contains(each)))
        .findFirst()
        .orElse("\t"); // which is in no label
  }

  private TextTable withDialect(Dialect value) {
    return new TextTable(text, label, separator, value, aside, named);
  }

  /** Returns the same for files of one form. */
  public TextTable withForm(Form value) {
    return withDialect(new Dialect(value, quoted(), delimiter()));
  }

  /** Returns the same where fields between tabs may stand between quotes. */
  public TextTable withQuotes() {
    return withQuotes(true);
  }

  /** Returns the same where fields between tabs may stand between quotes, or not. */
  public TextTable withQuotes(boolean may) {
    return withDialect(new Dialect(form(), may, delimiter()));
  }

  /** Returns the same where something stands between fields; null where it is found. */
  public TextTable withDelimiter(@Nullable Character value) {
    return withDialect(new Dialect(form(), quoted(), value));
  }

  /** Returns the same where more is known of each text. */
  public TextTable withAside(Aside value) {
    return new TextTable(text, label, separator, dialect, value, named);
  }

  /**
   * Notes which of some files, whose lines are read as text, are called like a table, or have lines
   * that look wrapped.
   *
   * @param own what is known of the text otherwise
   * @param sentences whether each line is read as a sentence
   */
  public static Overview noteLines(Overview own, List<Path> files, boolean sentences) {
    Overview noted = called(files).map(own::with).orElse(own);
    return sentences ? Passages.noteWrapped(files).map(noted::with).orElse(noted) : noted;
  }

  /** Returns a note on the first file that is called like a table; none where no file is. */
  private static Optional<Overview.Note> called(List<Path> files) {
    return files.stream()
        .filter(
            file ->
                Table.isCalled(file, ".csv")
                    || Table.isCalled(file, ".tsv")
                    || Table.hasObjects(file))
        .findFirst()
        .map(
            file ->
                new Overview.Note(
                    file + " is called like a table, but each line is read as text as it is",
                    "write the column of the texts to a file of its own; {given-column} reads a table"
                        + " of texts with labels"));
  }

  /**
   * A text.
   *
   * @param file the file it is in
   * @param line where it begins there
   * @param text the text
   * @param labels its labels; empty where none are wanted
   * @param known what else is known of it
   */
  public record Row(String file, long line, String text, List<String> labels, Known known) {
    /** Copies the list. */
    public Row {
      labels = List.copyOf(labels);
    }

    /** A text of which nothing else is known. */
    public Row(String file, long line, String text, List<String> labels) {
      this(file, line, text, labels, Known.NOTHING);
    }

    /** Returns the text as {@code cut} cuts it into tokens, with all that is known of it. */
    public LabeledSequence labeled(Function<String, List<String>> cut) {
      return new LabeledSequence(cut.apply(text), labels).with(known.weight, known.group);
    }

    /** Returns about how many bytes of memory it takes. */
    long bytes() {
      long own = (3L + labels.size()) * Held.OBJECT + text.length() + known.group.length();
      return labels.stream().mapToLong(String::length).sum() + own;
    }

    /**
     * Returns what {@code reader} reads out of the row.
     *
     * @throws InputException what the reader says, with the place of the row before it
     */
    public <T> T read(Function<Row, T> reader) {
      try {
        return reader.apply(this);
      } catch (InputException e) {
        throw e.at(file, line);
      }
    }
  }

  /**
   * What else is known of a text.
   *
   * @param weight how much its loss counts
   * @param group what it belongs to; empty for nothing
   * @param columns all fields of its row by their names, where they are wanted; else none
   */
  public record Known(double weight, String group, Map<String, String> columns) {
    /** Nothing else. */
    public static final Known NOTHING = new Known(1, "", Map.of());
  }
}
