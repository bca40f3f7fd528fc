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
          "Column of how much the loss of each row counts in training: 2 is as if it were there twice; of tagged"
              + " sentences a comment, # COLUMN = 2. Default: all alike.")
  @Nullable String weight;

  @Option(
      names = "--group",
      paramLabel = "COLUMN",
      description =
          "Column of what rows belong to, such as their author: all of a group is trained on, or chooses the"
              + " model; of sentences a comment that lasts until the next, such as newdoc id.")
  @Nullable String group;

  /** Returns the columns. */
  public TextTable.Aside aside() {
    return new TextTable.Aside(weight, group);
  }
}
