package dev.unroll.cli.label;

import dev.unroll.cli.option.KeptInModel;
import dev.unroll.cli.option.TextColumns;
import dev.unroll.text.Lines;
import dev.unroll.text.table.TextReading;
import dev.unroll.text.table.TextTable;
import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How files of texts with labels are read. */
@KeptInModel
final class LabelColumns {

  @Mixin private TextColumns texts = new TextColumns();

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description =
          "Column of the labels, like --text. Default: label, or what is found; or as in"
              + " training.")
  @Nullable String label;

  /** Returns what becomes of symbolic links in folders of texts. */
  Lines.Links links() {
    return texts.links();
  }

  /** Returns what reads files, and says what it finds in them. */
  TextReading reading(TextTable table, PrintWriter notes) {
    return texts.reading(table, notes);
  }

  /** Returns how files are read for a model whose source is known; usually where none is. */
  TextTable table(Map<String, String> source) {
    return texts.table("label", label, TextTable.of(source));
  }
}
