package dev.unroll.cli.option;

import dev.unroll.text.table.PairTable;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which columns of a file of pairs are read. */
public final class PairColumns {

  @Option(
      names = "--source",
      paramLabel = "COLUMN",
      description =
          "The source's column: its number, from 1, or its name in the first line. Default: 1, or as in"
              + " training.")
  @Nullable String source;

  @Option(
      names = "--target",
      paramLabel = "COLUMN",
      description = "The target's column, in the same way. Default: 2, or as in training.")
  @Nullable String target;

  /** Returns the columns for training. */
  public PairTable table() {
    return table(Map.of());
  }

  /** Returns the columns as asked for, else as the model says it was trained. */
  public PairTable table(Map<String, Object> provenance) {
    return new PairTable(
        or(source, provenance.get("sourceColumn"), PairTable.USUAL.source()),
        or(target, provenance.get("targetColumn"), PairTable.USUAL.target()));
  }

  private static String or(@Nullable String chosen, @Nullable Object ofModel, String usual) {
    if (chosen != null) {
      return chosen;
    }
    return ofModel == null ? usual : ofModel.toString();
  }
}
