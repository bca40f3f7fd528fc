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
import java.util.List;
import java.util.StringJoiner;
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
      if (Files.isDirectory(file)) {
        rows.addAll(folder(new Folder(file, links), file, labeled));
      } else {
        rows.addAll(file(file, labeled));
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
    var cut = new Segmentation(segmentation.unit(), false, segmentation.punctuation());
    return read(files, true, links).stream()
        .map(row -> new LabeledSequence(cut.cut(row.text()), row.labels()))
        .toList();
  }

  /**
   * Shows the texts of files and folders, without labels, in their order; lines as soon as they are
   * read.
   */
  public void forEach(List<Path> files, Links links, Consumer<Row> reader) {
    for (Path file : files) {
      if (!Files.isDirectory(file) && formOf(file, false) == Form.LINES) {
        lines(file, reader);
      } else {
        read(List.of(file), false, links).forEach(reader);
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

  private List<Row> file(Path file, boolean labeled) {
    Form own = formOf(file, labeled);
    if (own == Form.LINES) {
      var rows = new ArrayList<Row>();
      var held = new Held(Lines.nameOf(file), "");
      lines(
          file,
          row -> {
            held.add(3 * Held.OBJECT + row.text().length());
            rows.add(row);
          });
      return rows;
    }
    var format = own == Form.CSV ? Table.Format.COMMAS : new Table.Format('\t', quoted);
    List<Table.Row> rows = Table.read(file).rows(format);
    if (rows.isEmpty()) {
      return List.of();
    }
    Table.Row header = rows.getFirst();
    String fix = "The first line must name the columns, once each; ask for one of them.";
    int labelAt = labeled ? header.column(label, fix) : -1;
    int textAt = header.column(text, fix);
    var texts = new ArrayList<Row>();
    for (Table.Row row : rows.subList(1, rows.size())) {
      row.checkSize(header, sizeFix(own));
      texts.add(row(row, textAt, labelAt));
    }
    return texts;
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
  private static List<Row> folder(Folder folder, Path path, boolean labeled) {
    var rows = new ArrayList<Row>();
    if (!labeled) {
      folder.files().forEach(file -> rows.add(whole(file, List.of())));
      return rows;
    }
    List<Folder> classes = folder.folders();
    if (classes.isEmpty()) {
      throw InputException.in(
          path, "has no folders", "It needs a folder for each label, with a file for each text.");
    }
    for (Folder each : classes) {
      for (Path file : each.files()) {
        rows.add(whole(file, List.of(each.name())));
      }
    }
    return rows;
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
