package dev.unroll.cli.option;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code eval} and {@code predict} of a task are given: a model and data. */
public final class TaskOptions {

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model of the same task.")
  public Path model = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Data: files (.gz too), to be classified also folders, or - for standard input; to be measured as"
              + " for training, all together.")
  public List<Path> files = List.of();

  @Option(
      names = "--json",
      description = "Print JSON, for machines: of predict an object for each answer.")
  public boolean json;

  @Mixin public ThreadOption threads = new ThreadOption();
}
