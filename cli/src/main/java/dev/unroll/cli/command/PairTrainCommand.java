package dev.unroll.cli.command;

import dev.unroll.cli.option.PairColumns;
import dev.unroll.cli.option.PairUnits;
import dev.unroll.file.ModelFields;
import dev.unroll.task.Run;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * What {@code train} does in tasks that learn from pairs of a source and a target.
 *
 * @param <F> what the file of a trained model holds
 * @param <R> what trains it
 */
public abstract class PairTrainCommand<F extends ModelFields, R extends Run<F>>
    extends TrainCommand<F, R> {

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Pairs in UTF-8, .tsv or .csv (.gz too), or - for standard input.")
  protected List<Path> files = List.of();

  @Mixin protected PairColumns columns = new PairColumns();
  @Mixin protected PairUnits units = new PairUnits();

  /** Created by the command line. */
  protected PairTrainCommand() {}

  @Override
  protected final List<Path> files() {
    return files;
  }
}
