package dev.unroll.text.table;

import dev.unroll.data.LabeledSequence;
import dev.unroll.file.InputException;
import dev.unroll.text.Folder;
import dev.unroll.text.Held;
import dev.unroll.text.Lines;
import dev.unroll.text.Links;
import dev.unroll.text.Segmentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Texts with labels: files of commas (RFC 4180) or tabs (as IANA defines them: a tab always ends a
 * field, quotes are letters) whose first line names the columns, or a folder with a folder for each
 * label and a file for each text.
 *
 * @param text name of the column of the texts
 * @param label name of the column of the labels
 * @param separator what stands between the labels of a text that may have several; null where it
 *     has one
 * @param form how files are read
 * @param quoted whether fields between tabs may stand between quotes
 */
public record TextTable(
    String text, String label, @Nullable String separator, Form form, boolean quoted) {

  /** Checks the separator. */
  public TextTable {
    if (separator != null && separator.isEmpty()) {
      throw new InputException(
          "the separator of labels is empty", "Give what stands between them, such as |.");
    }
  }

  /** Returns the same with the texts in another column. */
  public TextTable withText(String column) {
    return new TextTable(column, label, separator, form, quoted);
  }

  /** Returns the same with the labels in another column. */
  public TextTable withLabel(String column) {
    return new TextTable(text, column, separator, form, quoted);
  }

  /** Returns the same where a text may have several labels. */
  public TextTable withSeparator(String between) {
    return new TextTable(text, label, between, form, quoted);
  }

  /** Returns the same for files of one form. */
  public TextTable withForm(Form value) {
    return new TextTable(text, label, separator, value, quoted);
  }

  /** Returns the same where fields between tabs may stand between quotes. */
  public TextTable withQuotes() {
    return new TextTable(text, label, separator, form, true);
  }

  /** How files are read. */
  public enum Form {
    /**
     * By their names: .csv, .tsv; others are lines if no labels are wanted, and TSV if they are.
     */
    BY_NAME,
    /** Fields between commas. */
    CSV,
    /** Fields between tabs. */
    TSV,
    /** One text per line, without labels and header. */
    LINES
  }

  /** The columns that most files have. */
  public static final TextTable USUAL = new TextTable("text", "label", null, Form.BY_NAME, false);

  /** Returns how files are read as a model remembers it; as usual where it remembers nothing. */
  public static TextTable of(Map<String, String> source) {
    return new TextTable(
        source.getOrDefault("text", USUAL.text),
        source.getOrDefault("label", USUAL.label),
        source.get("several"),
        Form.BY_NAME,
        source.containsKey("quotes"));
  }

  /** Returns how files are read, as a model remembers it. */
  public Map<String, String> source() {
    var source = new LinkedHashMap<String, String>();
    source.put("text", text);
    source.put("label", label);
    if (quoted) {
      source.put("quotes", "yes");
    }
    if (separator != null) {
      source.put("several", separator);
    }
    return source;
  }

  /**
   * A text.
   *
   * @param file the file it is in
   * @param line where it begins there
   * @param text the text
   * @param labels its labels; empty where none are wanted
   */
  public record Row(String file, long line, String text, List<String> labels) {
    /** Copies the list. */
    public Row {
      labels = List.copyOf(labels);
    }

    /** Returns about how many bytes of memory it takes. */
    private long bytes() {
      long own = (3L + labels.size()) * Held.OBJECT + text.length();
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
   * Reads files and folders.
   *
   * @param labeled whether labels are wanted; a text must not be blank then
   * @throws InputException if a file cannot be read, or has not these columns
   */
  public List<Row> read(List<Path> files, boolean labeled) {
    return read(files, labeled, Links.WITHIN);
  }

  /** Reads files and folders, as {@link #read(List, boolean)} does, with their links. */
  public List<Row> read(List<Path> files, boolean labeled, Links links) {
    var rows = new ArrayList<Row>();
    for (Path file : files) {
      var held = new Held(Lines.nameOf(file), "");
      Consumer<Row> keeper =
          row -> {
            held.add(row.bytes());
            rows.add(row);
          };
      if (Files.isDirectory(file)) {
        folder(new Folder(file, links), file, labeled, keeper);
      } else {
        file(file, labeled, keeper);
      }
    }
    if (rows.isEmpty()) {
      throw new InputException(
          files.getFirst() + ": there is no text in it",
          labeled ? "Name a file with a header and a line for each text." : "Give some text.");
    }
    return rows;
  }

  /**
   * Reads files and folders of texts with labels, and cuts the texts into tokens as they stand
   * there: the lexicon decides what is put into lower case.
   */
  public List<LabeledSequence> labeled(List<Path> files, Segmentation segmentation) {
    return labeled(files, segmentation, Links.WITHIN);
  }

  /** Reads texts with labels, as {@link #labeled(List, Segmentation)} does, with their links. */
  public List<LabeledSequence> labeled(List<Path> files, Segmentation segmentation, Links links) {
    var cut = segmentation.withLowerCase(false);
    return read(files, true, links).stream()
        .map(row -> new LabeledSequence(cut.cut(row.text()), row.labels()))
        .toList();
  }

  /**
   * Shows the texts of files and folders, without labels, in their order, each as soon as it is
   * read.
   */
  public void forEach(List<Path> files, Links links, Consumer<Row> reader) {
    for (Path file : files) {
      var rows = new AtomicLong();
      Consumer<Row> counted =
          row -> {
            rows.incrementAndGet();
            reader.accept(row);
          };
      boolean folder = Files.isDirectory(file);
      if (folder) {
        folder(new Folder(file, links), file, false, counted);
      } else {
        file(file, false, counted);
      }
      if (rows.get() == 0 && (folder || formOf(file, false) != Form.LINES)) {
        throw new InputException(file + ": there is no text in it", "Give some text.");
      }
    }
  }

  private static void lines(Path file, Consumer<Row> reader) {
    String name = Lines.nameOf(file);
    Lines.readNumbered(file, (text, line) -> reader.accept(new Row(name, line, text, List.of())));
  }

  private Form formOf(Path file, boolean labeled) {
    if (form == Form.LINES && labeled) {
      throw InputException.in(file, "lines have no labels", "Give a .tsv or .csv file.");
    }
    if (form != Form.BY_NAME) {
      return form;
    }
    if (Table.isCalled(file, ".csv")) {
      return Form.CSV;
    }
    return Table.isCalled(file, ".tsv") || labeled ? Form.TSV : Form.LINES;
  }

  private void file(Path file, boolean labeled, Consumer<Row> reader) {
    Form own = formOf(file, labeled);
    if (own == Form.LINES) {
      lines(file, reader);
      return;
    }
    var format = own == Form.CSV ? Table.Format.COMMAS : new Table.Format('\t', quoted);
    Table.forEach(file, format, new AfterHeader(own, labeled, reader));
  }

  /** Takes the first row as the names of the columns, and reads the others by them. */
  private final class AfterHeader implements Consumer<Table.Row> {
    private final Form form;
    private final boolean labeled;
    private final Consumer<Row> reader;
    private Table.@Nullable Row header;
    private int textAt;
    private int labelAt = -1;

    AfterHeader(Form form, boolean labeled, Consumer<Row> reader) {
      this.form = form;
      this.labeled = labeled;
      this.reader = reader;
    }

    @Override
    public void accept(Table.Row row) {
      Table.Row names = header;
      if (names == null) {
        String fix = "The first line must name the columns, once each; ask for one of them.";
        labelAt = labeled ? row.column(label, fix) : -1;
        textAt = row.column(text, fix);
        header = row;
        return;
      }
      row.checkSize(names, sizeFix(form));
      reader.accept(row(row, textAt, labelAt));
    }
  }

  private static String sizeFix(Form form) {
    return form == Form.CSV
        ? "A field with a comma stands between quotes."
        : "A tab ends a field, and quotes are letters; in a .csv file a field may stand between quotes.";
  }

  /**
   * Returns a row's text and labels.
   *
   * @param labelAt column of the labels; -1 where none are wanted
   */
  private Row row(Table.Row row, int textAt, int labelAt) {
    String content = row.fields().get(textAt);
    if (labelAt < 0) {
      return new Row(row.file(), row.line(), content, List.of());
    }
    String own = row.fields().get(labelAt);
    if (content.isBlank()) {
      throw row.error("the text is empty", "Take the line out.");
    }
    if (separator == null && own.isBlank()) {
      throw row.error("the " + label + " is empty", "Give it one, or take it out.");
    }
    if (own.strip().codePoints().anyMatch(Character::isISOControl)) {
      throw row.error("a " + label + " with a tab or a line end", "It is a text of one line.");
    }
    return new Row(row.file(), row.line(), content, labels(own));
  }

  private List<String> labels(String field) {
    if (separator == null) {
      return List.of(field.strip());
    }
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
