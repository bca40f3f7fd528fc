package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.data.LabeledSequence;
import dev.unroll.file.Folder;
import dev.unroll.file.Held;
import dev.unroll.text.Lines;
import dev.unroll.text.Segmentation;
import dev.unroll.text.table.TextHeader.Places;
import dev.unroll.text.table.TextTable.Answers;
import dev.unroll.text.table.TextTable.Form;
import dev.unroll.text.table.TextTable.Known;
import dev.unroll.text.table.TextTable.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads files of texts as a {@link TextTable} describes them, finds what it leaves open, and says
 * so. What was found in the first file holds for those that are read after it.
 */
public final class TextReading {

  private final Lines.Links links;
  private final Consumer<String> notes;
  private final Set<String> labels = new HashSet<>();
  private TextTable table;
  private Answers answers = Answers.LABELS;
  private boolean keepsColumns;

  /** Whether files show that a text may have several labels. */
  private boolean several;

  /** Whether a line of fastText shows it. */
  private boolean severalOfFastText;

  /** What is wrong with the first text without a label, if each must have one. */
  private @Nullable InputException unlabeled;

  /**
   * Prepares to read.
   *
   * @param table how files are read
   * @param links what becomes of symbolic links in folders
   * @param notes receives a sentence for each thing that was found, and not named
   */
  public TextReading(TextTable table, Lines.Links links, Consumer<String> notes) {
    this.table = table;
    this.links = links;
    this.notes = notes;
  }

  /** Prepares to read files, whose folders have no links out of them, and to tell nobody of it. */
  public TextReading(TextTable table) {
    this(table, Lines.Links.WITHIN, note -> {});
  }

  /** Keeps all fields of rows, each by the name of its column. */
  public TextReading keepingColumns() {
    keepsColumns = true;
    return this;
  }

  /** Expects other answers than labels. */
  public TextReading answers(Answers kind) {
    answers = kind;
    return this;
  }

  /**
   * Returns how files are read, with what was found in those that were read: where they show that a
   * text may have several labels, a separator that none of the labels has.
   */
  public TextTable table() {
    return several && table.separator() == null
        ? table.withSeparator(TextTable.separator(labels, severalOfFastText ? " " : ","))
        : table;
  }

  /**
   * Reads files and folders.
   *
   * @param labeled whether labels are wanted; a text must not be blank then
   * @throws InputException if a file cannot be read, or has not these columns
   */
  public List<Row> rows(List<Path> files, boolean labeled) {
    var rows = new ArrayList<Row>();
    for (Path file : files) {
      var held = new Held(Lines.nameOf(file), "");
      Consumer<Row> keeper =
          row -> {
            held.add(row.bytes());
            rows.add(row);
          };
      if (Files.isDirectory(file)) {
        table.checkUnnamed(file, labeled);
        folder(new Folder(file, links == Lines.Links.FOLLOW), file, labeled, keeper);
      } else {
        file(file, labeled, keeper);
      }
    }
    if (unlabeled != null && !several) {
      throw unlabeled;
    }
    if (rows.isEmpty()) {
      throw new InputException(
          files.getFirst() + ": there is no text in it",
          labeled ? "Name a file with a header and a line for each text." : "Give some text.");
    }
    return rows;
  }

  /** Reads files with labels that are of a form, whatever they are called. */
  public List<Row> rows(Form form, List<Path> files) {
    Form usual = table.form();
    table = table.withForm(form);
    try {
      return rows(files, true);
    } finally {
      table = table.withForm(usual);
    }
  }

  /**
   * Reads files and folders of texts with labels, and cuts the texts into tokens as they stand
   * there: the lexicon decides what is put into lower case.
   */
  public List<LabeledSequence> labeled(List<Path> files, Segmentation segmentation) {
    var cut = segmentation.withLowerCase(false);
    return rows(files, true).stream().map(row -> row.labeled(cut::cut)).toList();
  }

  /**
   * Shows the texts of files and folders, without labels, in their order, each as soon as it is
   * read.
   */
  public void forEach(List<Path> files, Consumer<Row> reader) {
    for (Path file : files) {
      var rows = new AtomicLong();
      Consumer<Row> counted =
          row -> {
            rows.incrementAndGet();
            reader.accept(row);
          };
      boolean folder = Files.isDirectory(file);
      if (folder) {
        table.checkUnnamed(file, false);
        folder(new Folder(file, links == Lines.Links.FOLLOW), file, false, counted);
      } else {
        file(file, false, counted);
      }
      if (rows.get() == 0 && (folder || formOf(file, false) != Form.LINES)) {
        throw new InputException(file + ": there is no text in it", "Give some text.");
      }
    }
  }

  private Form formOf(Path file, boolean labeled) {
    Form form = table.form();
    if (form == Form.LINES && labeled) {
      throw InputException.in(file, "lines have no labels", "Give a .tsv or .csv file.");
    }
    if (form != Form.BY_NAME) {
      return form;
    }
    if (Table.hasObjects(file)) {
      return Form.JSON;
    }
    if (Table.isCalled(file, ".csv")) {
      return Form.CSV;
    }
    return Table.isCalled(file, ".tsv") || labeled || isTable(file) ? Form.TSV : Form.LINES;
  }

  /** Texts that a table had in training may be in one now, whatever it is called. */
  private boolean isTable(Path file) {
    boolean is = TableBeginning.isTable(file, table);
    if (is) {
      notes.accept(file + ": read as a table; {format lines} reads each line as a text");
    }
    return is;
  }

  private void file(Path file, boolean labeled, Consumer<Row> reader) {
    Form own = formOf(file, labeled);
    switch (own) {
      case JSON -> {
        var rows = new AfterHeader(own, Table.Format.TABS, labeled, reader);
        Predicate<Set<String>> enough =
            names -> labeled ? names.containsAll(table.columns()) : haveTexts(names);
        if (keepsColumns) {
          JsonRows.forEachWhole(file, enough, rows);
        } else {
          JsonRows.forEach(file, enough, rows);
        }
        rows.end();
      }
      case FASTTEXT -> fastText(file, labeled, reader);
      case LINES -> lines(file, reader);
      default -> table(file, own, labeled, reader);
    }
  }

  private boolean haveTexts(Set<String> names) {
    List<String> usual = ColumnNames.Usual.of(table.text(), ColumnNames.Usual.TEXTS);
    return new ColumnNames(List.copyOf(names)).have(table.text(), usual);
  }

  private void table(Path file, Form own, boolean labeled, Consumer<Row> reader) {
    Character delimiter = table.delimiter();
    var format =
        delimiter != null
            ? Table.Format.between(delimiter)
            : own == Form.CSV ? Table.Format.COMMAS : new Table.Format('\t', table.quoted());
    var rows = new AfterHeader(own, format, labeled, reader);
    Table.forEach(file, format, !labeled, names -> mayBe(names, labeled), rows);
    rows.end();
  }

  /** Texts with labels have two columns; of texts alone there may be one, with any sign in it. */
  private boolean mayBe(List<String> names, boolean labeled) {
    return labeled
        ? !FastText.begins(names.getFirst())
        : names.contains(ColumnNames.plain(table.text()));
  }

  /** Shows lines, without the labels of fastText where the first one has some. */
  private void lines(Path file, Consumer<Row> reader) {
    table.checkUnnamed(file, false);
    String name = Lines.nameOf(file);
    var fastText = new AtomicBoolean();
    Lines.readNumbered(
        file,
        (text, line) -> {
          fastText.set(fastText.get() || (line == 1 && FastText.begins(text)));
          reader.accept(
              fastText.get()
                  ? FastText.row(name, line, text, false)
                  : new Row(name, line, text, List.of()));
        });
  }

  private void fastText(Path file, boolean labeled, Consumer<Row> reader) {
    table.checkUnnamed(file, labeled);
    String name = Lines.nameOf(file);
    Lines.readNumbered(file, (text, line) -> fastText(name, line, text, labeled, reader));
  }

  private void fastText(
      String name, long line, String text, boolean labeled, Consumer<Row> reader) {
    if (labeled && text.isBlank()) {
      return;
    }
    Row row = FastText.row(name, line, text, labeled);
    if (row.labels().size() > 1) {
      if (answers != Answers.LABELS) {
        throw InputException.at(
            name, line, "the line has several labels", "Give it one: __label__3, then the text.");
      }
      severalOfFastText = true;
      foundSeveral(name, line);
    }
    labels.addAll(row.labels());
    reader.accept(row);
  }

  private void foundSeveral(String name, long line) {
    if (!several && table.separator() == null) {
      notes.accept("texts have several labels: see " + name + ":" + line);
    }
    several = true;
  }

  /** Finds the columns in the first rows, and reads all by them. */
  private final class AfterHeader implements Consumer<Table.Row> {
    private final Form form;
    private final boolean labeled;
    private final Consumer<Row> reader;
    private final QuoteCheck quotes;
    private final boolean mayBeFastText;
    private final List<Table.Row> waiting = new ArrayList<>();
    private @Nullable Places places;
    private boolean fastText;

    AfterHeader(Form form, Table.Format format, boolean labeled, Consumer<Row> reader) {
      this.form = form;
      this.labeled = labeled;
      this.reader = reader;
      quotes = new QuoteCheck(format, notes);
      mayBeFastText = form == Form.TSV && table.form() == Form.BY_NAME && !format.quoted();
    }

    @Override
    public void accept(Table.Row row) {
      if (fastText) {
        take(row);
      } else if (places != null) {
        row(row, places);
      } else if (!waiting.isEmpty() || !row.isBlank()) {
        if (waiting.isEmpty() && mayBeFastText && FastText.begins(row.fields().getFirst())) {
          table.checkUnnamed(Path.of(row.file()), labeled);
          fastText = true;
          take(row);
          return;
        }
        waiting.add(row);
        decide(false);
      }
    }

    /** Between tabs a row is a line. */
    private void take(Table.Row row) {
      String text = String.join("\t", row.fields());
      TextReading.this.fastText(row.file(), row.line(), text, labeled, reader);
    }

    private void decide(boolean all) {
      var header = TextHeader.of(waiting, table, labeled, all, form == Form.JSON);
      if (header == null) {
        return;
      }
      Table.Row first = waiting.getFirst();
      if (!header.found().isEmpty()) {
        notes.accept(first.file() + ": " + header.found());
      }
      Places own = Places.of(header, first, labeled ? table.aside() : TextTable.Aside.NOTHING);
      table = header.of(table, first);
      places = own;
      waiting.subList(header.named() ? 1 : 0, waiting.size()).forEach(row -> row(row, own));
    }

    /** All rows were read. */
    void end() {
      if (places == null && !waiting.isEmpty()) {
        decide(true);
      }
      if (form != Form.JSON) {
        quotes.end();
      }
    }

    private void row(Table.Row row, Places own) {
      if (row.isBlank() && ((labeled && form != Form.JSON) || row.fields().size() == 1)) {
        if (!labeled && own.first().fields().size() == 1) {
          reader.accept(TextReading.this.row(row, own, false));
        }
        return;
      }
      row.checkSize(own.first(), sizeFix(form));
      if (form != Form.JSON) {
        quotes.accept(row);
      }
      reader.accept(TextReading.this.row(row, own, labeled));
    }
  }

  /**
   * Returns rows whose labels are numbers, with a point before decimals: whether a comma is one is
   * found from all numbers of a file.
   *
   * @throws InputException if a number may be read in two ways
   */
  public static List<Row> numbers(List<Row> rows) {
    var fields = new LinkedHashMap<String, List<String>>();
    for (Row row : rows) {
      fields.computeIfAbsent(row.file(), file -> new ArrayList<>()).add(row.labels().getFirst());
    }
    var forms = new HashMap<String, NumberForm>();
    fields.forEach(
        (file, own) ->
            forms.put(file, NumberForm.found(file, own, "Write decimals with a point.")));
    return rows.stream().map(row -> number(row, forms.get(row.file()))).toList();
  }

  private static Row number(Row row, @Nullable NumberForm form) {
    String field = row.labels().getFirst();
    double number = form == null || !NumberForm.isMarked(field) ? Double.NaN : form.parse(field);
    return Double.isNaN(number)
        ? row
        : new Row(
            row.file(), row.line(), row.text(), List.of(Double.toString(number)), row.known());
  }

  private String sizeFix(Form form) {
    Character delimiter = table.delimiter();
    if (delimiter != null && delimiter != '\t') {
      return "A field with «" + delimiter + "» stands between quotes.";
    }
    return form == Form.CSV
        ? "A field with a comma stands between quotes."
        : "A tab ends a field, and quotes are ordinary characters; in a .csv file a field may stand between quotes.";
  }

  private Row row(Table.Row row, Places places, boolean labeled) {
    String content = JsonRows.text(row, places.header().text());
    Known known = places.known(row, keepsColumns);
    if (!labeled) {
      return new Row(row.file(), row.line(), content, List.of(), known);
    }
    if (content.isBlank()) {
      throw row.error("the text is empty", "Take the line out.");
    }
    return new Row(row.file(), row.line(), content, labels(row, places.header().label()), known);
  }

  private List<String> labels(Table.Row row, int place) {
    String field = row.fields().get(place);
    if (answers != Answers.LABELS) {
      return List.of(answers.only(row, place, table.label()));
    }
    JsonRows.checkNoObjects(row, place);
    String separator = table.separator();
    List<String> own;
    if (JsonRows.isArray(field)) {
      foundSeveral(row.file(), row.line());
      own = split(field, JsonRows.ELEMENT);
    } else if (separator != null) {
      own = split(field, separator);
    } else {
      own = field.isBlank() ? List.of() : List.of(field.strip());
      if (own.isEmpty() && unlabeled == null) {
        unlabeled = Answers.empty(row, table.label());
      }
    }
    if (own.stream().flatMapToInt(String::codePoints).anyMatch(Character::isISOControl)) {
      throw row.error(
          "a " + table.label() + " with a tab or a line end", "It is a text of one line.");
    }
    labels.addAll(own);
    return own;
  }

  private static List<String> split(String field, String separator) {
    return Arrays.stream(field.split(Pattern.quote(separator)))
        .map(String::strip)
        .filter(each -> !each.isEmpty())
        .distinct()
        .toList();
  }

  /** A folder with a folder for each label; without labels, all files inside. */
  private static void folder(Folder folder, Path path, boolean labeled, Consumer<Row> reader) {
    if (!labeled) {
      folder.files().forEach(file -> reader.accept(whole(file, List.of())));
      return;
    }
    List<Folder> classes = folder.folders();
    if (classes.isEmpty()) {
      throw InputException.in(
          path, "has no folders", "It needs a folder for each label, with a file for each text.");
    }
    for (Folder each : classes) {
      for (Path file : each.files()) {
        reader.accept(whole(file, List.of(each.name())));
      }
    }
  }

  private static Row whole(Path file, List<String> labels) {
    var held = new Held(file.toString(), "");
    var lines = new StringJoiner("\n");
    Lines.read(
        file,
        line -> {
          held.add(Held.OBJECT + line.length());
          lines.add(line);
        });
    String text = lines.toString();
    if (text.isBlank() && !labels.isEmpty()) {
      throw InputException.in(file, "the text is empty", "Take the file out.");
    }
    return new Row(file.toString(), 1, text, labels);
  }
}
