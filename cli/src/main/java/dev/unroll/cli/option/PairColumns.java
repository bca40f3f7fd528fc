package dev.unroll.cli.option;

import dev.unroll.data.Provenance;
import dev.unroll.text.table.PairTable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which columns of a file of pairs are read. */
@KeptInModel
public final class PairColumns {

  @Option(
      names = "--source",
      paramLabel = "COLUMN",
      description =
          "Column of the source: a number from 1, or a name in the first line. Default: 1, or"
              + " as in training.")
  @Nullable String source;

  @Option(
      names = "--target",
      paramLabel = "COLUMN",
      description =
          "Column of the target: a number from 1, or a name in the first line. Default: 2, or"
              + " as in training.")
  @Nullable String target;

  @Mixin private DelimiterOption delimiter = new DelimiterOption();

  /** Returns the columns for training. */
  public PairTable table() {
    return table(Provenance.NONE);
  }

  /** Returns the columns as asked for, else as the model says it was trained. */
  public PairTable table(Provenance provenance) {
    PairTable known = PairTable.of(provenance);
    return new PairTable(
        source == null ? known.source() : source,
        target == null ? known.target() : target,
        delimiter.character() == null ? known.delimiter() : delimiter.character());
  }
}
