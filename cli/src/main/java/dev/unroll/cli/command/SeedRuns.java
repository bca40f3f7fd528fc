package dev.unroll.cli.command;

import dev.unroll.Trial;
import dev.unroll.Tuning;
import dev.unroll.base.InputException;
import dev.unroll.cli.report.Figures;
import dev.unroll.file.Plural;
import dev.unroll.result.Model;
import dev.unroll.tasks.Tasks;
import dev.unroll.train.TrainingInterruptedException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code train --seeds N}: trains one network with several seeds and keeps the best model. */
final class SeedRuns {

  private final TrainCommand<?, ?, ?, ?> own;
  private final TrialCommands commands;
  private final int seeds;
  private final PrintWriter err;
  private final Path model;
  private final Path folder;

  SeedRuns(TrainCommand<?, ?, ?, ?> own, Supplier<? extends TrainCommand<?, ?, ?, ?>> fresh) {
    this.own = own;
    seeds = own.running.seeds();
    err = own.err();
    commands = new TrialCommands(own, fresh, "--seeds");
    model = own.running.model();
    folder = model.resolveSibling(model.getFileName() + ".seeds");
  }

  /** Trains, and returns the exit status. */
  int run() {
    boolean resumes = own.parsed().hasMatchedOption("--resume");
    if (!resumes && Files.exists(folder)) {
      throw InputException.in(
          folder,
          "runs with several seeds that were stopped are kept here",
          "Add --resume to continue them, or delete the folder to begin again.");
    }
    if (resumes && hasEnded()) {
      err.println(
          model
              + ": the model of runs that have ended; leave --resume out to train "
              + Plural.of(seeds, "model")
              + " once more");
      return 0;
    }
    TrainCommand.Preview preview = own.preview();
    Figures figures = preview.figures();
    try (var signals = new StopSignals(err, null, true);
        var progress = own.running.progress(err, own.targets())) {
      try {
        Tuning.Result<Model> result =
            Tuning.ofSeeds(commands.candidate(Map.of()))
                .seeds(seeds)
                .checkpointEvery(own.interval())
                .keepAt(folder)
                .listen(signals.watching(progress))
                .onTrial(each -> say(line(each, figures)))
                .run();
        result.model().save(model);
        Tuning.delete(folder);
        signals.end();
        tell(result.best(), figures);
        own.tellNext(preview.next());
        return 0;
      } catch (TrainingInterruptedException e) {
        if (!signals.asked()) {
          throw e;
        }
        err.println("Continue with:  " + own.typed(resumes ? List.of() : List.of("--resume")));
        return signals.status();
      }
    }
  }

  /** Whether the model is what one of the runs ended with, of which nothing else is left. */
  private boolean hasEnded() {
    if (Files.exists(folder) || !Files.exists(model)) {
      return false;
    }
    try {
      Model made = Tasks.open(model);
      return made.provenance().option("seed") instanceof Long seed
          && seed >= commands.seed()
          && seed < commands.seed() + seeds
          && commands.command(List.of(), seed).prepare(model, null).endsWith(made);
    } catch (InputException e) {
      return false; // no model, or not whole: it is made again
    }
  }

  private void say(String line) {
    if (!own.running.quiet()) {
      err.println(line);
    }
  }

  private String line(Trial.Result trial, Figures figures) {
    int last = trial.figures().size() - 1;
    return "seed %d: %s"
        .formatted(
            commands.seed() + last,
            figures.of(trial.withFigures(trial.figures().subList(last, last + 1))));
  }

  private void tell(Trial.Result best, Figures figures) {
    say(
        "%s: the model of seed %d, the best of %d by validation; mean and standard deviation of all: %s"
            .formatted(model, commands.seed() + best.bestSeed(), seeds, figures.of(best)));
    if (!own.running.quiet()) {
      own.judge(model, err);
    }
  }
}
