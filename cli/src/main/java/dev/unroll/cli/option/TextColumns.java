package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import dev.unroll.text.Lines;
import dev.unroll.text.table.TextReading;
import dev.unroll.text.table.TextTable;
import java.io.PrintWriter;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How files of texts are read; the column of what is known of a text is the task's. */
@KeptInModel
public final class TextColumns {

  /** How the command line words an option. */
  public static final UnaryOperator<String> OPTION = key -> "--" + key;

  @Option(
      names = "--text",
      paramLabel = "COLUMN",
      description =
          "Column of the texts: a name, in JSON with dots (user.text), or a number from 1 if"
              + " there is no header. Default: text, or what is found; or as in training.")
  @Nullable String text;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      description =
          "csv, tsv, jsonl, json, fasttext (__label__x, then the text) or lines (one text per"
              + " line, no header, no answers). Default: by the file extension; other files are tsv"
              + " if answers are needed or the first line names the text column, else lines.")
  @Nullable String format;

  @Option(
      names = "--quotes",
      description =
          "Allow quoted fields in .tsv files, as in .csv; otherwise quotes are ordinary"
              + " characters. Default: as in training.")
  boolean quotes;

  @Mixin private DelimiterOption delimiter = new DelimiterOption();
  @Mixin FolderOption folders = new FolderOption();

  /** Returns what becomes of symbolic links in folders of texts. */
  public Lines.Links links() {
    return folders.links();
  }

  /**
   * Returns how files are read.
   *
   * @param option name of the option for the column of the answers
   * @param answer name of that column, or null where none is asked for
   * @param usual how they are read where nothing is asked for
   */
  public TextTable table(String option, @Nullable String answer, TextTable usual) {
    TextTable own = usual.withForm(form());
    TextTable named = text == null ? own : own.withNamed(TextTable.TEXT, text);
    TextTable read = answer == null ? named : named.withNamed(option, answer);
    TextTable quoted = quotes ? read.withQuotes() : read;
    Character between = delimiter.character();
    return between == null ? quoted : quoted.withDelimiter(between);
  }

  /** Returns what reads files, and says what it finds in them. */
  public TextReading reading(TextTable table, PrintWriter notes) {
    return new TextReading(
        table, links(), note -> notes(notes).accept(InputException.worded(note, OPTION)));
  }

  /** Returns what prints what was found in files. */
  public static Consumer<String> notes(PrintWriter err) {
    return note -> err.println("note: " + note);
  }

  private TextTable.Form form() {
    String chosen = format;
    boolean table = delimiter.character() != null;
    if (chosen == null) {
      return table ? TextTable.Form.TSV : TextTable.Form.BY_NAME;
    }
    if (table
        && !Set.of(TextTable.Form.TSV, TextTable.Form.CSV).contains(TextTable.Form.of(chosen))) {
      throw new InputException(
          "--delimiter does nothing with --format " + chosen, "Leave one of them out.");
    }
    if (quotes && !chosen.equalsIgnoreCase("tsv")) {
      throw new InputException(
          "--quotes does nothing with --format " + chosen, "Leave it out, or give --format tsv.");
    }
    return TextTable.Form.of(chosen);
  }
}
