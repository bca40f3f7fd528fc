package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What stands between the fields of tables. */
@KeptInModel
public final class DelimiterOption {

  @Option(
      names = "--delimiter",
      paramLabel = "CHARACTER",
      description =
          "What separates fields: a character, or tab. Default: the comma, semicolon, tab or"
              + " bar that all lines have; or as in training.")
  @Nullable String delimiter;

  /** Returns it, or null if it is not given. */
  public @Nullable Character character() {
    if (delimiter == null) {
      return null;
    }
    String own = delimiter.equals("tab") || delimiter.equals("\\t") ? "\t" : delimiter;
    if (own.length() != 1 || own.equals("\"")) {
      throw new InputException("--delimiter is " + delimiter, "Name one character, or tab.");
    }
    return own.charAt(0);
  }
}
