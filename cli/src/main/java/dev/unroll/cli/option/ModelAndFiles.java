package dev.unroll.cli.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** What {@code eval} and {@code predict} of a task are given: a model and data. */
public final class ModelAndFiles {

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model of the same task.")
  Path model = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Test data, in the format of the training data: files (.gz too), for classify also folders,"
              + " or - for standard input. All files count together.")
  List<Path> files = List.of();

  /** Returns the model's file. */
  public Path model() {
    return model;
  }

  /** Returns all files that are read: the model's and those of the data. */
  public List<Path> inputs() {
    var inputs = new ArrayList<>(files);
    inputs.add(model);
    return inputs;
  }

  /** Returns the files of the data. */
  public List<Path> files() {
    return files;
  }
}
