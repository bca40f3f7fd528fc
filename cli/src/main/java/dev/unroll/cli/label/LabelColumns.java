package dev.unroll.cli.label;

import dev.unroll.cli.option.KeptInModel;
import dev.unroll.cli.option.TextColumns;
import dev.unroll.text.Links;
import dev.unroll.text.table.TextTable;
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
      description = "Name of the column of the labels. Default: label, or as in training.")
  @Nullable String label;

  /** Returns what becomes of symbolic links in folders of texts. */
  Links links() {
    return texts.links();
  }

  /** Returns how files are read when a model is trained. */
  TextTable table(@Nullable String separator) {
    var usual = TextTable.USUAL;
    return texts.table(
        label, new TextTable(usual.text(), usual.label(), separator, usual.form(), false));
  }

  /** Returns how files are read for a model whose source is known. */
  TextTable table(Map<String, String> source) {
    return texts.table(label, TextTable.of(source));
  }
}
