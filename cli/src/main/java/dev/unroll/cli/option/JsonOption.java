package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import dev.unroll.cli.report.Form;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** In what form a command prints what it finds. */
public final class JsonOption {

  @Option(names = "--json", description = "Print JSON, like --output json.")
  boolean json;

  @Option(
      names = "--output",
      paramLabel = "FORM",
      description =
          "Output format: text, csv (a header and a row for each answer) or json. Default: text.")
  @Nullable String output;

  /** Refuses a form that there is not, before anything is read. */
  public void check() {
    Objects.requireNonNull(form());
  }

  /** Returns the form that is asked for. */
  public Form form() {
    String named = output;
    if (named == null) {
      return json ? Form.JSON : Form.TEXT;
    }
    for (Form form : Form.values()) {
      if (form.name().toLowerCase(Locale.ROOT).equals(named.toLowerCase(Locale.ROOT))) {
        if (json && form != Form.JSON) {
          throw new InputException(
              "--json cannot be combined with --output " + named, "Leave one or the other out.");
        }
        return form;
      }
    }
    throw new InputException("--output is " + named, "Use text, csv or json.");
  }
}
