package dev.unroll.text.table;

import dev.unroll.data.LabeledSequence;
import dev.unroll.file.InputException;
import dev.unroll.file.SafeFiles;
import dev.unroll.text.Lines;
import dev.unroll.text.Plural;
import dev.unroll.text.Segmentation;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
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
    /** A text a line, without labels and header. */
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
  }

  /**
   * Reads files and folders.
   *
   * @param labelled whether labels are wanted; a text must not be blank then
   * @throws InputException if a file cannot be read, or has not these columns
   */
  public List<Row> read(List<Path> files, boolean labelled) {
    var rows = new ArrayList<Row>();
    for (Path file : files) {
      if (Files.isDirectory(file)) {
        rows.addAll(folder(file, labelled));
      } else {
        rows.addAll(file(file, labelled));
      }
    }
    if (rows.isEmpty()) {
      throw new InputException(
          files.getFirst() + ": there is no text in it",
          labelled ? "Name a file with a header and a line for each text." : "Give some text.");
    }
    return rows;
  }

  /**
   * Reads files and folders of texts with labels, and cuts the texts into tokens as they stand
   * there: what is put into lower case is a matter of the lexicon.
   */
  public List<LabeledSequence> labelled(List<Path> files, Segmentation segmentation) {
    var cut = new Segmentation(segmentation.unit(), false, segmentation.punctuation());
    return read(files, true).stream()
        .map(row -> new LabeledSequence(cut.cut(row.text()), row.labels()))
        .toList();
  }

  /**
   * Shows the texts of files and folders, without labels, in their order; lines as soon as they are
   * read.
   */
  public void forEach(List<Path> files, Consumer<Row> reader) {
    for (Path file : files) {
      if (!Files.isDirectory(file) && formOf(file, false) == Form.LINES) {
        lines(file, reader);
      } else {
        read(List.of(file), false).forEach(reader);
      }
    }
  }

  private static void lines(Path file, Consumer<Row> reader) {
    long[] number = {0};
    Lines.read(
        file, line -> reader.accept(new Row(Lines.nameOf(file), ++number[0], line, List.of())));
  }

  private Form formOf(Path file, boolean labelled) {
    String name = file.toString().toLowerCase(Locale.ROOT).replaceAll("\\.gz$", "");
    if (form == Form.LINES && labelled) {
      throw InputException.in(file, "lines have no labels", "Give a .tsv or .csv file.");
    }
    if (form != Form.BY_NAME) {
      return form;
    }
    if (name.endsWith(".csv")) {
      return Form.CSV;
    }
    return name.endsWith(".tsv") || labelled ? Form.TSV : Form.LINES;
  }

  private List<Row> file(Path file, boolean labelled) {
    Form own = formOf(file, labelled);
    if (own == Form.LINES) {
      var rows = new ArrayList<Row>();
      lines(file, rows::add);
      return rows;
    }
    var lines = new ArrayList<String>();
    Lines.read(file, lines::add);
    if (lines.isEmpty()) {
      return List.of();
    }
    String content = String.join("\n", lines).replace('\r', ' ') + "\n";
    return new Parser(Lines.nameOf(file), own, labelled).parse(content);
  }

  /** Reads one file. */
  private final class Parser {
    private final String name;
    private final Form own;
    private final boolean labelled;
    private List<String> header = List.of();

    Parser(String name, Form own, boolean labelled) {
      this.name = name;
      this.own = own;
      this.labelled = labelled;
    }

    private CSVFormat format() {
      boolean tabs = own == Form.TSV;
      return CSVFormat.RFC4180
          .builder()
          .setDelimiter(tabs ? '\t' : ',')
          .setQuote(tabs && !quoted ? null : Character.valueOf('"'))
          .setIgnoreEmptyLines(true)
          .get();
    }

    List<Row> parse(String content) {
      var rows = new ArrayList<Row>();
      long end = 0;
      try (var parser = CSVParser.parse(new StringReader(content), format())) {
        for (CSVRecord row : parser) {
          List<String> fields = row.toList();
          end = parser.getCurrentLineNumber();
          if (header.isEmpty()) {
            header = fields;
            checkHeader();
          } else {
            long within =
                fields.stream().flatMapToInt(String::chars).filter(c -> c == '\n').count();
            rows.add(row(fields, end - within));
          }
        }
      } catch (IOException | UncheckedIOException e) {
        throw InputException.at(
            name,
            end + 1,
            "a quote that is not closed, or something behind one that is, in this row or the next",
            "A quote within a field between quotes is written twice.");
      }
      return rows;
    }

    private void checkHeader() {
      for (String wanted : labelled ? List.of(label, text) : List.of(text)) {
        long count = header.stream().filter(wanted::equals).count();
        if (count != 1) {
          throw InputException.at(
              name,
              1,
              "%s columns are called «%s», among %s"
                  .formatted(count == 0 ? "no" : "several", wanted, header),
              "The first line must name the columns, once each; ask for one of them.");
        }
      }
    }

    private Row row(List<String> fields, long line) {
      if (fields.size() != header.size()) {
        throw InputException.at(
            name,
            line,
            Plural.of(fields.size(), "field") + ", where the header has " + header.size(),
            own == Form.CSV
                ? "A field with a comma stands between quotes."
                : "A tab ends a field, and quotes are letters; in a .csv file a field may stand between quotes.");
      }
      String content = fields.get(header.indexOf(text));
      if (!labelled) {
        return new Row(name, line, content, List.of());
      }
      String own = fields.get(header.indexOf(label));
      if (content.isBlank()) {
        throw InputException.at(name, line, "the text is empty", "Take the line out.");
      }
      if (separator == null && own.isBlank()) {
        throw InputException.at(name, line, "the label is empty", "Give it one, or take it out.");
      }
      if (own.strip().codePoints().anyMatch(Character::isISOControl)) {
        throw InputException.at(
            name, line, "a label with a tab or a line's end", "A label is a text of one line.");
      }
      return new Row(name, line, content, labels(own));
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
  }

  /** A folder with a folder for each label; without labels, all files inside. */
  private List<Row> folder(Path folder, boolean labelled) {
    var rows = new ArrayList<Row>();
    if (!labelled) {
      Lines.files(List.of(folder)).forEach(file -> rows.add(whole(file, List.of())));
      return rows;
    }
    List<Path> classes;
    try (Stream<Path> inside = Files.list(folder)) {
      classes =
          inside
              .filter(Files::isDirectory)
              .filter(each -> !nameOf(each).startsWith("."))
              .sorted()
              .toList();
    } catch (IOException e) {
      throw InputException.in(
          folder, "cannot be read: " + SafeFiles.reason(e), "Check the folder's rights.");
    }
    if (classes.isEmpty()) {
      throw InputException.in(
          folder, "has no folders", "It needs a folder for each label, with a file for each text.");
    }
    for (Path each : classes) {
      for (Path file : Lines.files(List.of(each))) {
        rows.add(whole(file, List.of(nameOf(each))));
      }
    }
    return rows;
  }

  private static String nameOf(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  private static Row whole(Path file, List<String> labels) {
    var lines = new ArrayList<String>();
    Lines.read(file, lines::add);
    String text = String.join("\n", lines);
    if (text.isBlank() && !labels.isEmpty()) {
      throw InputException.in(file, "the text is empty", "Take the file out.");
    }
    return new Row(file.toString(), 1, text, labels);
  }
}
