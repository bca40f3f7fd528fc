package dev.unroll.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every {@code eval} of a task is given: a model and data as for its training. */
final class EvalOptions {

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model of the same task.")
  Path model = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description = "Data, as for training; all together are measured.")
  List<Path> files = List.of();

  @Option(names = "--json", description = "Print JSON, for machines.")
  boolean json;

  @Mixin ThreadOption threads = new ThreadOption();
}
