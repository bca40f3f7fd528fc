package dev.unroll.cli.command;

import dev.unroll.Tuning;
import dev.unroll.base.InputException;
import dev.unroll.cli.option.KeptOptions;
import dev.unroll.cli.option.SearchOptions;
import dev.unroll.cli.option.SearchRange;
import dev.unroll.cli.report.TuningReport;
import dev.unroll.result.Model;
import dev.unroll.train.TrainingInterruptedException;
import dev.unroll.train.TrainingListener;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** One search of {@code unroll tune}. */
final class TuneRun {

  private static final String RATE = "--rate";

  private final TrainCommand<?, ?, ?, ?> own;
  private final SearchOptions asked;
  private final TrialCommands commands;
  private final PrintWriter err;
  private final Path model;

  TuneRun(
      TrainCommand<?, ?, ?, ?> own,
      SearchOptions asked,
      Supplier<? extends TrainCommand<?, ?, ?, ?>> fresh) {
    this.own = own;
    this.asked = asked;
    err = own.err();
    commands = new TrialCommands(own, fresh, "unroll tune");
    if (own.parsed().hasMatchedOption("--resume")) {
      throw new InputException(
          "--resume does nothing with unroll tune", "Leave it out: a search continues by itself.");
    }
    model = own.running.model();
  }

  /** Searches, and returns the exit status. */
  int run() {
    int trials = asked.trials();
    int seeds = asked.seeds();
    boolean ownRanges = !asked.ranges().isEmpty();
    SearchSpace some =
        ownRanges
            ? SearchSpace.given(asked.ranges(), commands, own.parsed())
            : SearchSpace.usual(own.taskName(), own.parsed(), own.shapeOfParent());
    boolean fixedRate = own.parsed().hasMatchedOption(RATE) || some.hasRate();
    if (own.running.findsRate() && fixedRate) {
      throw new InputException(
          "--find-rate does nothing where the rate or its range is given",
          "Leave one of them out.");
    }
    TrainCommand.Preview preview = own.preview();
    boolean addsRate = !fixedRate && (!ownRanges || own.running.findsRate());
    SearchSpace space = addsRate ? some.withRatesAround(preview.rate()) : some;
    say(
        "searching "
            + space.ranges().stream().map(SearchRange::toString).collect(Collectors.joining(" ")));
    var tuning =
        Tuning.ofRuns(trial -> commands.candidate(space.draw(trial)))
            .usual(commands.candidate(Map.of()), !ownRanges)
            .trials(trials)
            .seeds(seeds)
            .seed(commands.seed())
            .checkpointEvery(own.interval())
            .keepAt(model.resolveSibling(model.getFileName() + ".tune"));
    if (own.running.dryRun()) {
      showTrials(tuning);
      return 0;
    }
    return search(tuning, new TuningReport(preview.figures(), commands::arguments));
  }

  private void say(String line) {
    if (!own.running.quiet()) {
      err.println(line);
    }
  }

  private void showTrials(Tuning<Model> tuning) {
    tuning
        .draw()
        .forEach(
            (number, settings) ->
                own.out()
                    .println(
                        "trial %d: %s"
                            .formatted(number, KeptOptions.quoted(commands.arguments(settings)))));
    own.out().println("Nothing was trained or written (--dry-run).");
  }

  private int search(Tuning<Model> tuning, TuningReport report) {
    try (var signals = new StopSignals(err, null, true)) {
      try {
        Tuning.Result<Model> result =
            tuning
                .listen(signals.watching(TrainingListener.NONE))
                .onTrial(trial -> say(report.line(trial)))
                .run();
        result.model().save(model);
        signals.end();
        report.print(result, own.out());
        tellWinner(result);
        return 0;
      } catch (TrainingInterruptedException e) {
        if (!signals.asked()) {
          throw e;
        }
        err.println("Continue with:  " + own.typed(List.of()));
        return signals.status();
      }
    }
  }

  private void tellWinner(Tuning.Result<Model> result) {
    long seed = commands.seed() + result.best().bestSeed();
    PrintWriter out = own.out();
    out.println(
        "%s: the model of %s, seed %d"
            .formatted(
                model,
                result.best().number() == 0
                    ? "the usual settings"
                    : "trial " + result.best().number(),
                seed));
    out.println(
        "The same again:  " + commands.pasted(own.taskName(), result.best().settings(), seed));
    if (!own.running.quiet()) {
      List<String> settings = commands.arguments(result.best().settings());
      commands.command(settings, seed).judge(model, err);
    }
    if (result.ranking().getFirst().number() != result.best().number()) {
      out.println("The usual settings did better, but are not in the ranges that were given.");
    }
    say(
        "The validation part chose these settings and looks better for it; to see what they are worth,"
            + " measure on other data:  unroll "
            + own.taskName()
            + " eval "
            + model
            + " FILE");
  }
}
