package dev.unroll.cli.option;

import dev.unroll.text.table.TextTable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Columns of what is known of examples besides their text and their answer. */
@KeptInModel
public final class AsideOptions {

  @Option(
      names = "--weight-column",
      paramLabel = "COLUMN",
      description =
          "Column of the weight of each row in the training loss. A weight of 2 counts as if"
              + " the row were there twice; tagged sentences have a comment, # COLUMN = 2. Default:"
              + " equal weights.")
  @Nullable String weight;

  @Option(
      names = "--group",
      paramLabel = "COLUMN",
      description =
          "Column of the group of each row, such as its author. A group stays on one side of"
              + " the split into training and validation; for tagged sentences it is a comment that"
              + " applies until the next, such as newdoc id.")
  @Nullable String group;

  /** Returns the columns. */
  public TextTable.Aside aside() {
    return new TextTable.Aside(weight, group);
  }
}
