package dev.unroll.cli.command;

import dev.unroll.PairTrainer;
import dev.unroll.cli.option.PairColumns;
import dev.unroll.cli.option.PairUnits;
import dev.unroll.data.Provenance;
import dev.unroll.result.Model;
import dev.unroll.store.ModelFields;
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
 * @param <M> the model
 * @param <T> what prepares such runs, from Java too
 */
public abstract class PairTrainCommand<
        F extends ModelFields, R extends Run<F>, M extends Model, T extends PairTrainer<F, R, M, T>>
    extends TrainCommand<F, R, M, T> {

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Pairs: .tsv or .csv (.gz too), or - for standard input.")
  protected List<Path> files = List.of();

  @Mixin protected PairColumns columns = new PairColumns();
  @Mixin protected PairUnits units = new PairUnits();

  /** Created by the command line. */
  protected PairTrainCommand() {}

  @Override
  protected final List<Path> files() {
    return files;
  }

  @Override
  protected void data(T trainer) {
    M model = parent();
    trainer
        .files(files.toArray(Path[]::new))
        .table(columns.table(model == null ? Provenance.NONE : model.provenance()))
        .validation(running.valid().toArray(Path[]::new));
  }
}
