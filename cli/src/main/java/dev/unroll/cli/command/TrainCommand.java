package dev.unroll.cli.command;

import dev.unroll.TaskTrainer;
import dev.unroll.base.Workers;
import dev.unroll.cli.option.CheckpointOptions;
import dev.unroll.cli.option.ConfigFile;
import dev.unroll.cli.option.EncodingOption;
import dev.unroll.cli.option.FineTuningOptions;
import dev.unroll.cli.option.KeptOptions;
import dev.unroll.cli.option.NetworkOptions;
import dev.unroll.cli.option.RunOptions;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.option.TrainingOptions;
import dev.unroll.cli.report.Figures;
import dev.unroll.cli.report.PeakMemory;
import dev.unroll.cli.report.Progress;
import dev.unroll.cli.report.Verdicts;
import dev.unroll.data.Provenance;
import dev.unroll.kernel.Slice;
import dev.unroll.learn.Checkpoints;
import dev.unroll.result.Model;
import dev.unroll.result.Overview;
import dev.unroll.result.Verdict;
import dev.unroll.store.ModelFields;
import dev.unroll.task.Defaults;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.text.Lines;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingInterruptedException;
import dev.unroll.train.TrainingListener;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What {@code train} does in every task: data in, a model file out, or a learning rate that is
 * looked for.
 *
 * @param <F> what the file of a trained model holds
 * @param <R> what trains it
 * @param <M> the model
 * @param <T> what prepares such runs, from Java too
 */
public abstract class TrainCommand<
        F extends ModelFields, R extends Run<F>, M extends Model, T extends TaskTrainer<F, R, M, T>>
    extends UnrollCommand implements ConfigFile.Given {

  @Mixin protected RunOptions running = new RunOptions();
  @Mixin private FineTuningOptions tuning = new FineTuningOptions();
  @Mixin protected NetworkOptions network = new NetworkOptions();
  @Mixin private TrainingOptions training = new TrainingOptions();
  @Mixin private CheckpointOptions keeping = new CheckpointOptions();
  @Mixin private EncodingOption encoding = new EncodingOption();
  @Mixin protected ThreadOption threads = new ThreadOption();

  /** Parameters, gradients and the best parameters so far. */
  private static final int FIXED_COPIES = 3;

  private @Nullable M parent;
  private List<String> given = List.of();

  /** Trains with several seeds. */
  private IntSupplier ofSeeds = () -> 1;

  /** Searches options, if this is unroll tune. */
  private @Nullable IntSupplier search;

  private TrainingPlace place = TrainingPlace.HERE;

  /** What was left open, and found from the data. */
  private final List<String> found = new ArrayList<>();

  /** Created by the command line. */
  protected TrainCommand() {}

  /** Tells the command the arguments of its line. */
  public final void give(List<String> arguments) {
    given = arguments;
  }

  @Override
  public final List<String> given() {
    return given;
  }

  /** Tells the command where it trains. */
  public final void trainAt(TrainingPlace value) {
    place = value;
  }

  /** Tells the command what trains with several seeds; it returns the exit status. */
  final void withSeeds(IntSupplier value) {
    ofSeeds = value;
  }

  /** Makes this {@code unroll tune}, which searches options of {@code train} instead. */
  final void searchBy(IntSupplier value) {
    search = value;
    running.setSearching();
  }

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

  /** Returns what the task takes by default. */
  protected abstract Defaults defaults();

  @Override
  final void fit(CommandSpec command) {
    TaskOptions.fit(command, defaults(), unused());
  }

  /** Returns the options of all tasks that do nothing in this one. */
  protected Set<String> unused() {
    return Set.of();
  }

  /** Returns how the network is trained. */
  protected Training options() {
    return training.training(threads.count(), defaults()).withLayerRates(tuning.layerRates());
  }

  /** Opens a model with whose weights training begins. */
  protected abstract M open(Path model);

  /** Returns what a model has of the options that {@link #shape} takes, by their names. */
  protected abstract Map<String, Object> shape(M model);

  /** Returns whether a model reads numbers, none of which is dropped unless that is asked for. */
  protected boolean readsNumbers(M model) {
    return false;
  }

  /** Returns a new trainer. */
  protected abstract T trainer();

  /** Chooses the network, and what it reads and says: what a model has that is trained further. */
  protected abstract void shape(T trainer);

  /** Chooses all else: the data, how they are read, and what training aims at. */
  protected abstract void data(T trainer);

  /** Returns the model with whose weights training begins, or null. */
  protected final @Nullable M parent() {
    Path file = tuning.from();
    if (parent == null && file != null) {
      M opened = open(file);
      tuning.check(parsed(), shape(opened));
      parent = opened;
    }
    return parent;
  }

  /** Returns a trainer with all that is asked for. */
  protected final T trainer(Training options) {
    T trainer = trainerWithoutData(options);
    if (running.saysShare()) {
      trainer.validation(running.share(defaults()));
    }
    data(trainer);
    return trainer;
  }

  private T trainerWithoutData(Training options) {
    T trainer = trainer();
    found.clear();
    trainer.training(usual -> options).preset(training.preset()).findings(found::add);
    M model = parent();
    if (model == null) {
      shape(trainer);
    } else {
      trainer.from(model).network(own -> network.changed(own, readsNumbers(model)));
    }
    return trainer;
  }

  /** Reads the files, and returns what is to be trained on them. */
  protected R run(Training options, RunOutput output) {
    return trainer(options).prepare(output);
  }

  /** Says what is about to be trained: what was understood of the data, and the network. */
  protected void introduce(PrintWriter err, R run) {
    overview(run)
        .with(
            "network",
            "%,d parameters; %s"
                .formatted(run.size(), ThreadOption.kernels(run.options().threads())))
        .lines(option -> "--" + option)
        .forEach(err::println);
  }

  /** Returns what was understood of the data. */
  protected Overview overview(R run) {
    return trainer().overview(run);
  }

  /** Says how the model stands next to the simplest ones of its task. */
  protected void compare(PrintWriter err, R run, Path model) {
    try (Workers workers = threads.workers()) {
      Verdict verdict = trainer().verdict(run, open(model), workers);
      if (!verdict.baselines().isEmpty()) {
        Verdicts.print(err, verdict);
        running.addMetrics("baseline", verdict.fields());
      }
    }
  }

  /** Returns what a user should know of the data, even with {@code --quiet}; most tasks nothing. */
  protected List<String> warnings() {
    return List.of();
  }

  /** Returns what the model reaches on the validation part: {@code loss 0.1234}. */
  protected abstract String reached(R run, Provenance model);

  /** Returns how validations are printed, where it is not as the loss. */
  protected Figures figures(R run) {
    return Figures.LOSS;
  }

  /** Returns commands to continue with, a line each. */
  protected abstract List<String> next(R run, Path model);

  @Override
  public final Integer call() {
    running.colorOf(err());
    IntSupplier asked = search;
    return encoding.reading(
        parent(),
        () -> {
          if (asked == null) {
            return trained();
          }
          checkFiles();
          return asked.getAsInt();
        });
  }

  private void checkFiles() {
    running.checkInputs(files());
    var inputs = new ArrayList<>(inputs());
    if (tuning.from() != null) {
      inputs.add(tuning.from());
    }
    running.checkPlaces(inputs, furtherOutput(), keeping);
    running.checkReplaced(taskName());
  }

  /** Trains, where texts are read in the encoding that is asked for, or that a parent's were in. */
  protected Integer trained() {
    Training options = options();
    checkFiles();
    if (running.findsRate()) {
      KeptOptions.checkSearch(parsed());
      R run = run(options, RunOutput.NOTHING);
      begin(run);
      running.search(run.learner(), options, targets(), out(), err());
      return 0;
    }
    if (running.dryRun()) {
      describe(run(options, RunOutput.NOTHING), options);
      return 0;
    }
    Path model = running.model();
    if (running.seeds() > 1) {
      return ofSeeds.getAsInt();
    }
    try (Checkpoints checkpoints = keeping.open(model, place::store);
        var signals = new StopSignals(err(), checkpoints, place.takesSignals())) {
      R run = prepare(model, checkpoints);
      if (!keeping.hasEnded(run, model, checkpoints, err())) {
        begin(run);
        return train(run, model, signals);
      }
    }
    return 0;
  }

  /** Reads the data, and returns the run of a model that is kept. */
  final R prepare(Path model, @Nullable Checkpoints checkpoints) {
    Training options = options();
    return run(
        options,
        new RunOutput(asked(options), running.hasValidation(), model, checkpoints)
            .withReading(Lines.keptEncoding()));
  }

  /**
   * What a search wants to know of a run before it begins.
   *
   * @param figures how its validations are reported
   * @param rate its learning rate, or the one that was found
   * @param next commands to continue with
   */
  record Preview(Figures figures, double rate, List<String> next) {}

  /** Prepares a run and says what is about to be trained; looks for a rate if that is asked for. */
  final Preview preview() {
    Training options = options();
    R run = run(options, RunOutput.NOTHING);
    begin(run);
    double rate =
        running.findsRate()
            ? RunOptions.search(run.learner(), options, TrainingListener.NONE).suggestion()
            : options.optimizer().rate();
    return new Preview(figures(run), rate, next(run, running.model()));
  }

  /**
   * Says how a model that this command would train stands next to the simplest of its task. The
   * data are read again for it: held through all runs, they would take memory twice.
   */
  final void judge(Path model, PrintWriter out) {
    compare(out, run(options(), RunOutput.NOTHING), model);
  }

  /**
   * Checks options of the network and of training, without data.
   *
   * @throws dev.unroll.base.InputException if they do not go together
   */
  final void checkChoices() {
    trainerWithoutData(options());
  }

  /** Returns the options that a model has which is trained further; none without one. */
  final Set<String> shapeOfParent() {
    M model = parent();
    return model == null ? Set.of() : shape(model).keySet();
  }

  /** Returns how often a run is kept. */
  final Checkpoints.Interval interval() {
    return keeping.interval();
  }

  /** Returns the task, as the command line calls it. */
  final String taskName() {
    CommandSpec spec = parsed().commandSpec();
    CommandSpec named = search == null ? spec.parent() : spec;
    return named == null ? "" : named.name();
  }

  /** A model without options would look as if no command had trained it: it names its seed. */
  private List<String> asked(Training options) {
    List<String> words = KeptOptions.of(parsed());
    return words.isEmpty() ? List.of("--seed", String.valueOf(options.seed())) : words;
  }

  /** Says what would be trained, for {@code --dry-run}. */
  private void describe(R run, Training options) {
    begin(run);
    PrintWriter out = out();
    for (Slice slice : run.fields().layout().slices()) {
      out.println("%-34s %,d × %,d".formatted(slice.name(), slice.rows(), slice.columns()));
    }
    int copies = FIXED_COPIES + options.optimizer().newUpdate(0).moments().size();
    out.println(
        "%,d parameters; %,d MiB for them, their gradients and the optimizer; the heap may grow to %,d MiB"
            .formatted(
                run.size(),
                Math.ceilDiv((long) copies * Float.BYTES * run.size(), 1L << 20),
                Runtime.getRuntime().maxMemory() >> 20));
    out.println("Nothing was trained or written (--dry-run).");
  }

  /** Says what is about to be trained, and with what it begins. */
  protected final void begin(R run) {
    warnings().forEach(line -> err().println("warning: " + line));
    if (running.quiet()) {
      return;
    }
    found.forEach(line -> err().println("found: " + line));
    introduce(err(), run);
    M model = parent();
    if (model != null) {
      err()
          .println(
              "%,d of the parameters begin as in %s".formatted(model.trainedSize(), tuning.from()));
    }
  }

  /** Returns where to print what is neither a warning nor an error: nowhere with --quiet. */
  protected final PrintWriter notes() {
    return running.quiet() ? new PrintWriter(Writer.nullWriter()) : err();
  }

  private int train(R run, Path file, StopSignals signals) {
    PrintWriter err = notes();
    try (var progress = running.progress(err, targets())) {
      Provenance model =
          running
              .watch(
                  targets(),
                  signals.watching(progress),
                  listener -> place.train(run, listener),
                  err())
              .provenance();
      running.printCurve(progress);
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
    } catch (TrainingInterruptedException e) {
      if (!signals.asked()) {
        throw e;
      }
      tellStopped(e, run, file);
      return signals.status();
    }
    signals.end();
    boolean asked = signals.asked(); // during the last step, or what follows it
    if (!running.quiet() && !asked) {
      compare(err, run, file);
    }
    tellNext(next(run, file));
    return asked ? signals.status() : 0;
  }

  /** Says what to continue with. */
  final void tellNext(List<String> commands) {
    if (running.quiet()) {
      return;
    }
    String begin = "Next:  ";
    for (String line : commands) {
      err().println(begin + line);
      begin = " ".repeat(begin.length());
    }
  }

  /** Says where the best model is, and how to continue. */
  private void tellStopped(TrainingInterruptedException stopped, R run, Path file) {
    PrintWriter err = err();
    err.println("stopped after step %,d".formatted(stopped.step()));
    err.println(
        run.stopped()
            .map(
                best ->
                    "Best model so far:  %s, validation %s"
                        .formatted(file, reached(run, best.provenance())))
            .orElse("There is no model yet: nothing was validated."));
    if (!keeping.keeps()) {
      err.println(
          "No checkpoint is kept (--checkpoint-every 0), so that the run cannot be resumed.");
      return;
    }
    err.println("Continue with:  " + typed(keeping.resumes() ? List.of() : List.of("--resume")));
  }

  /** Returns the command as it was typed, with more options, ready to be pasted into a shell. */
  final String typed(List<String> more) {
    var command = new ArrayList<>(parsed().originalArgs());
    int files = command.indexOf("--"); // what follows it is no option
    command.addAll(files < 0 ? command.size() : files, more);
    command.addFirst("unroll");
    return KeptOptions.quoted(command);
  }

  /** Returns the run that trains a model again, with the files given. */
  public final Run<?> again() {
    return encoding.reading(parent(), () -> run(options(), RunOutput.NOTHING));
  }
}
