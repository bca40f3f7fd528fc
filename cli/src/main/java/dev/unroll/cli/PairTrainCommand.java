package dev.unroll.cli;

import dev.unroll.task.Kept;
import dev.unroll.train.Checkpoints;
import dev.unroll.train.Learner;
import dev.unroll.train.Training;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * What {@code unroll transduce train} and {@code unroll recognize train} have in common.
 *
 * @param <R> what is to be run
 */
abstract class PairTrainCommand<R> implements Callable<Integer> {

  /** The share of the pairs that chooses the best model, where nothing is said. */
  static final double SHARE = 0.05;

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Pairs in UTF-8, .tsv or .csv (.gz too), or - for standard input.")
  List<Path> files = List.of();

  @Mixin PairColumns columns = new PairColumns();
  @Mixin PairUnits units = new PairUnits();
  @Mixin RunOptions running = new RunOptions();
  @Mixin NetworkOptions network = new NetworkOptions();
  @Mixin TrainingOptions training = new TrainingOptions();
  @Mixin CheckpointOptions keeping = new CheckpointOptions();
  @Mixin ThreadOption threads = new ThreadOption();

  /** Returns what is counted. */
  abstract Progress.Targets targets();

  /** Reads the pairs, and returns what is to be trained on them. */
  abstract R run(Training options, Kept kept);

  /** Returns what is trained. */
  abstract Learner learner(R run);

  /** Says what is about to be trained. */
  abstract void introduce(R run);

  /** Trains, and says what was reached and what to do next. */
  abstract void train(R run, Path file);

  @Override
  public Integer call() {
    Training options = training.training(threads.count());
    running.checkInputs(files);
    if (running.findRate) {
      running.checkPlaces(files, null);
      KeptOptions.checkSearch(spec.commandLine().getParseResult());
      R run = run(options, Kept.NOTHING);
      introduce(run);
      running.search(learner(run), options, targets(), spec);
      return 0;
    }
    Path model = running.model();
    running.checkPlaces(files, null);
    try (Checkpoints checkpoints = keeping.open(model)) {
      var command = KeptOptions.of(spec.commandLine().getParseResult());
      var kept = new Kept(command, !running.valid.isEmpty(), model, checkpoints);
      R run = run(options, kept);
      introduce(run);
      train(run, model);
    }
    return 0;
  }

  /** Returns the run that trains a model again, with the files given. */
  R again() {
    return run(training.training(threads.count()), Kept.NOTHING);
  }
}
