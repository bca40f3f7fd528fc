package dev.unroll.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every {@code predict} of a task is given: a model and what to answer. */
final class PredictOptions {

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model of the same task.")
  Path model = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description = "What to answer: files (.gz too), or - for standard input.")
  List<Path> files = List.of();

  @Option(names = "--json", description = "Print a JSON object for each answer, for machines.")
  boolean json;

  @Mixin ThreadOption threads = new ThreadOption();
}
