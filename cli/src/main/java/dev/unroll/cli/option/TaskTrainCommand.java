package dev.unroll.cli.option;

import dev.unroll.cli.report.Progress;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.train.Checkpoints;
import dev.unroll.train.Learner;
import dev.unroll.train.Training;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * What {@code train} does in transduce, recognize and forecast.
 *
 * @param <R> what is to be run
 */
public abstract class TaskTrainCommand<R extends Run<?>> implements Callable<Integer>, Repeatable {

  @Spec public CommandSpec spec = CommandSpec.create();

  @Mixin public RunOptions running = new RunOptions();
  @Mixin public NetworkOptions network = new NetworkOptions();
  @Mixin TrainingOptions training = new TrainingOptions();
  @Mixin CheckpointOptions keeping = new CheckpointOptions();
  @Mixin ThreadOption threads = new ThreadOption();

  /** Returns the files that are trained on. */
  protected abstract List<Path> files();

  /** Returns what is counted. */
  protected abstract Progress.Targets targets();

  /** Reads the files, and returns what is to be trained on them. */
  protected abstract R run(Training options, RunOutput kept);

  /** Returns what is trained. */
  protected abstract Learner learner(R run);

  /** Says what is about to be trained. */
  protected abstract void introduce(R run);

  /** Trains, and says what was reached and what to do next. */
  protected abstract void train(R run, Path file);

  @Override
  public Integer call() {
    Training options = training.training(threads.count());
    running.checkInputs(files());
    running.checkPlaces(files(), null);
    if (running.findRate) {
      KeptOptions.checkSearch(spec.commandLine().getParseResult());
      R run = run(options, RunOutput.NOTHING);
      introduce(run);
      running.search(learner(run), options, targets(), spec);
      return 0;
    }
    Path model = running.model();
    try (Checkpoints checkpoints = keeping.open(model)) {
      var command = KeptOptions.of(spec.commandLine().getParseResult());
      var kept = new RunOutput(command, !running.valid.isEmpty(), model, checkpoints);
      R run = run(options, kept);
      if (keeping.hasEnded(run, model, checkpoints, spec.commandLine().getErr())) {
        return 0;
      }
      introduce(run);
      train(run, model);
    }
    return 0;
  }

  @Override
  public R again() {
    return run(training.training(threads.count()), RunOutput.NOTHING);
  }
}
