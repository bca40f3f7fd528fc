package dev.unroll.cli.option;

import dev.unroll.task.Run;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * What {@code unroll transduce train} and {@code unroll recognize train} have in common.
 *
 * @param <R> what is to be run
 */
public abstract class PairTrainCommand<R extends Run<?>> extends TaskTrainCommand<R> {

  /** The share of the pairs that chooses the best model, where nothing is said. */
  public static final double SHARE = 0.05;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Pairs in UTF-8, .tsv or .csv (.gz too), or - for standard input.")
  public List<Path> files = List.of();

  @Mixin public PairColumns columns = new PairColumns();
  @Mixin public PairUnits units = new PairUnits();

  @Override
  protected List<Path> files() {
    return files;
  }
}
