package dev.unroll.cli.option;

import dev.unroll.file.InputException;
import dev.unroll.text.Links;
import dev.unroll.text.table.TextTable;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How files of texts are read; the column of what is known of a text is the task's. */
@KeptInModel
public final class TextColumns {

  @Option(
      names = "--text",
      paramLabel = "COLUMN",
      description = "Name of the column of the texts. Default: text, or as in training.")
  @Nullable String text;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      description =
          "csv, tsv or lines (one text per line, with neither answers nor a header). Default: by the file's"
              + " name; others are tsv where answers are needed, and lines where they are not.")
  @Nullable String format;

  @Option(
      names = "--quotes",
      description =
          "In .tsv files a field may stand between quotes, as in .csv; else quotes are letters. Default: as in"
              + " training.")
  boolean quotes;

  @Mixin FolderOption folders = new FolderOption();

  /** Returns what becomes of symbolic links in folders of texts. */
  public Links links() {
    return folders.links();
  }

  /**
   * Returns how files are read.
   *
   * @param answer name of the column of the answers, or null where none is asked for
   * @param usual how they are read where nothing is asked for
   */
  public TextTable table(@Nullable String answer, TextTable usual) {
    return new TextTable(
        text == null ? usual.text() : text,
        answer == null ? usual.label() : answer,
        usual.separator(),
        form(),
        quotes || usual.quoted());
  }

  private TextTable.Form form() {
    String chosen = format;
    if (chosen == null) {
      return TextTable.Form.BY_NAME;
    }
    if (quotes && !chosen.equalsIgnoreCase("tsv")) {
      throw new InputException(
          "--quotes does nothing with --format " + chosen, "Leave it out, or give --format tsv.");
    }
    return switch (chosen.toLowerCase(Locale.ROOT)) {
      case "csv" -> TextTable.Form.CSV;
      case "tsv" -> TextTable.Form.TSV;
      case "lines" -> TextTable.Form.LINES;
      default -> throw new InputException("--format is " + chosen, "Use csv, tsv or lines.");
    };
  }
}
