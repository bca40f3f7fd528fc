package dev.unroll.cli.command;

import dev.unroll.cli.option.CheckpointOptions;
import dev.unroll.cli.option.KeptOptions;
import dev.unroll.cli.option.NetworkOptions;
import dev.unroll.cli.option.RunOptions;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.option.TrainingOptions;
import dev.unroll.cli.report.PeakMemory;
import dev.unroll.cli.report.Progress;
import dev.unroll.file.ModelFields;
import dev.unroll.file.Provenance;
import dev.unroll.task.Defaults;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.train.Checkpoints;
import dev.unroll.train.Training;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/**
 * What {@code train} does in every task: data in, a model file out, or a learning rate that is
 * looked for.
 *
 * @param <F> what the file of a trained model holds
 * @param <R> what trains it
 */
public abstract class TrainCommand<F extends ModelFields, R extends Run<F>> extends UnrollCommand {

  @Mixin protected RunOptions running = new RunOptions();
  @Mixin protected NetworkOptions network = new NetworkOptions();
  @Mixin private TrainingOptions training = new TrainingOptions();
  @Mixin private CheckpointOptions keeping = new CheckpointOptions();
  @Mixin protected ThreadOption threads = new ThreadOption();

  /** Created by the command line. */
  protected TrainCommand() {}

  /** Returns the data that are named, as they are. */
  protected abstract List<Path> files();

  /** Returns all files that are read, besides those for validation. */
  protected List<Path> inputs() {
    return files();
  }

  /** Returns another file that is written besides the model, or null. */
  protected @Nullable Path furtherOutput() {
    return null;
  }

  /** Returns what is counted. */
  public abstract Progress.Targets targets();

  /** Returns what the task takes where nothing is said. */
  protected abstract Defaults defaults();

  /** Returns how the network is trained. */
  protected Training options() {
    return training.training(threads.count(), defaults());
  }

  /** Reads the files, and returns what is to be trained on them. */
  protected abstract R run(Training options, RunOutput output);

  /** Says what is about to be trained. */
  protected abstract void introduce(PrintWriter err, R run);

  /** Returns what the model reaches on the validation part: {@code loss 0.1234}. */
  protected abstract String reached(R run, Provenance model);

  /** Returns commands to continue with, a line each. */
  protected abstract List<String> next(R run, Path model);

  /** Says how the model stands next to the simplest one of its task; most tasks say nothing. */
  protected void compare(PrintWriter err, R run, Path model) {}

  @Override
  public Integer call() {
    Training options = options();
    running.checkInputs(files());
    running.checkPlaces(inputs(), furtherOutput(), keeping);
    if (running.findsRate()) {
      KeptOptions.checkSearch(parsed());
      R run = run(options, RunOutput.NOTHING);
      introduce(err(), run);
      running.search(run.learner(), options, targets(), out(), err());
      return 0;
    }
    Path model = running.model();
    try (Checkpoints checkpoints = keeping.open(model)) {
      R run =
          run(
              options,
              new RunOutput(KeptOptions.of(parsed()), running.hasValidation(), model, checkpoints));
      if (!keeping.hasEnded(run, model, checkpoints, err())) {
        introduce(err(), run);
        train(run, model);
      }
    }
    return 0;
  }

  private void train(R run, Path file) {
    PrintWriter err = err();
    try (var progress = new Progress(err, targets())) {
      Provenance model = running.watch(progress, run::run, err).provenance();
      err.println(
          String.format(
              Locale.ROOT,
              "%s: validation %s; trained in %s at %,.0f %s/s%s",
              file,
              reached(run, model),
              Progress.clockTime(progress.seconds()),
              progress.targetsPerSecond(),
              targets().many(),
              PeakMemory.text()));
    }
    compare(err, run, file);
    String begin = "Next:  ";
    for (String line : next(run, file)) {
      err.println(begin + line);
      begin = " ".repeat(begin.length());
    }
  }

  /** Returns the run that trains a model again, with the files given. */
  public final Run<?> again() {
    return run(options(), RunOutput.NOTHING);
  }
}
