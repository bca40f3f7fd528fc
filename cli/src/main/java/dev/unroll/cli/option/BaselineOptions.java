package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import dev.unroll.cli.report.Form;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What each {@code baseline} is given: data to count in, and data to measure on. */
public final class BaselineOptions {

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Training data, as for train: files (.gz too), folders if train reads them, or - for standard"
              + " input.")
  List<Path> files = List.of();

  @Option(
      names = "--test",
      paramLabel = "FILE",
      description = "Data to evaluate on, in the same format (repeatable).")
  List<Path> tests = List.of();

  @Mixin JsonOption json = new JsonOption();
  @Mixin EncodingOption encoding = new EncodingOption();

  /** Returns the data to count in. */
  public List<Path> files() {
    return files;
  }

  /** Returns the data to measure on. */
  public List<Path> tests() {
    return tests;
  }

  /** Returns in what form the measures are printed. */
  public Form form() {
    return json.form();
  }

  /** Where nothing else can be measured on. */
  public void checkTests() {
    if (tests.isEmpty()) {
      throw new InputException("there is nothing to measure on", "Give --test FILE.");
    }
  }
}
