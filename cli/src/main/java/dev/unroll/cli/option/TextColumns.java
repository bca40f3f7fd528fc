package dev.unroll.cli.label;

import dev.unroll.file.InputException;
import dev.unroll.text.table.TextTable;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How files of texts with labels are read. */
final class TextColumns {

  @Option(
      names = "--text",
      paramLabel = "COLUMN",
      description = "Name of the column of the texts. Default: text, or as in training.")
  @Nullable String text;

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description = "Name of the column of the labels. Default: label, or as in training.")
  @Nullable String label;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      description =
          "csv, tsv or lines (a text a line, without labels and header). Default: by the file's name;"
              + " others are tsv where labels are needed, and lines where they are not.")
  @Nullable String format;

  @Option(
      names = "--quotes",
      description =
          "In .tsv files a field may stand between quotes, as in .csv; else quotes are letters. Default: as in"
              + " training.")
  boolean quotes;

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

  /** Returns how files are read when a model is trained. */
  TextTable table(@Nullable String separator) {
    return new TextTable(
        text == null ? TextTable.USUAL.text() : text,
        label == null ? TextTable.USUAL.label() : label,
        separator,
        form(),
        quotes);
  }

  /** Returns how files are read for a model whose source is known. */
  TextTable table(Map<String, String> source) {
    return new TextTable(
        text == null ? source.getOrDefault("text", TextTable.USUAL.text()) : text,
        label == null ? source.getOrDefault("label", TextTable.USUAL.label()) : label,
        source.get("several"),
        form(),
        quotes || source.containsKey("quotes"));
  }

  /** Returns what a model remembers of a table. */
  static Map<String, String> source(TextTable table) {
    var source = new LinkedHashMap<String, String>();
    source.put("text", table.text());
    source.put("label", table.label());
    if (table.quoted()) {
      source.put("quotes", "yes");
    }
    if (table.separator() != null) {
      source.put("several", table.separator());
    }
    return source;
  }
}
