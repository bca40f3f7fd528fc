package dev.unroll.cli.command;

import dev.unroll.TaskTrainer;
import dev.unroll.cli.option.CheckpointOptions;
import dev.unroll.cli.option.ConfigFile;
import dev.unroll.cli.option.EncodingOption;
import dev.unroll.cli.option.FineTuningOptions;
import dev.unroll.cli.option.KeptOptions;
import dev.unroll.cli.option.NetworkOptions;
import dev.unroll.cli.option.RunOptions;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.option.TrainingOptions;
import dev.unroll.cli.report.PeakMemory;
import dev.unroll.cli.report.Progress;
import dev.unroll.file.ModelFields;
import dev.unroll.file.Provenance;
import dev.unroll.kernel.Slice;
import dev.unroll.task.Defaults;
import dev.unroll.task.Model;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.text.Lines;
import dev.unroll.train.Checkpoints;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingInterruptedException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
    T trainer = trainer();
    found.clear();
    trainer.training(usual -> options).preset(training.preset()).findings(found::add);
    M model = parent();
    if (model == null) {
      shape(trainer);
    } else {
      trainer.from(model).network(own -> network.changed(own, readsNumbers(model)));
    }
    if (running.saysShare()) {
      trainer.validation(running.share(defaults()));
    }
    data(trainer);
    return trainer;
  }

  /** Reads the files, and returns what is to be trained on them. */
  protected R run(Training options, RunOutput output) {
    return trainer(options).prepare(output);
  }

  /** Says what is about to be trained. */
  protected abstract void introduce(PrintWriter err, R run);

  /** Returns what the model reaches on the validation part: {@code loss 0.1234}. */
  protected abstract String reached(R run, Provenance model);

  /** Returns commands to continue with, a line each. */
  protected abstract List<String> next(R run, Path model);

  @Override
  public final Integer call() {
    return encoding.reading(parent(), this::trained);
  }

  /** Trains, where texts are read in the encoding that is asked for, or that a parent's were in. */
  protected Integer trained() {
    Training options = options();
    running.checkInputs(files());
    var inputs = new ArrayList<>(inputs());
    if (tuning.from() != null) {
      inputs.add(tuning.from());
    }
    running.checkPlaces(inputs, furtherOutput(), keeping);
    running.checkReplaced(taskName());
    if (running.findsRate()) {
      KeptOptions.checkSearch(parsed());
      R run = run(options, RunOutput.NOTHING);
      begin(run);
      running.search(run.learner(), options, targets(), out(), err());
      return 0;
    }
    Path model = running.model();
    if (running.dryRun()) {
      describe(run(options, RunOutput.NOTHING), options);
      return 0;
    }
    try (Checkpoints checkpoints = keeping.open(model);
        var signals = new StopSignals(err(), checkpoints)) {
      R run =
          run(
              options,
              new RunOutput(asked(options), running.hasValidation(), model, checkpoints)
                  .withReading(Lines.keptEncoding()));
      if (!keeping.hasEnded(run, model, checkpoints, err())) {
        begin(run);
        return train(run, model, signals);
      }
    }
    return 0;
  }

  /** Returns the task, as the command line calls it. */
  private String taskName() {
    var parent = parsed().commandSpec().parent();
    return parent == null ? "" : parent.name();
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
    if (running.quiet()) {
      return;
    }
    found.forEach(line -> err().println("found: " + line));
    introduce(err(), run);
    M model = parent();
    if (model != null) {
      err().println("%,d of the parameters begin as in %s".formatted(model.size(), tuning.from()));
    }
  }

  private int train(R run, Path file, StopSignals signals) {
    PrintWriter err = running.quiet() ? new PrintWriter(Writer.nullWriter()) : err();
    try (var progress = running.progress(err, targets())) {
      Provenance model = running.watch(signals.watching(progress), run::run, err()).provenance();
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
    String begin = "Next:  ";
    for (String line : next(run, file)) {
      err.println(begin + line);
      begin = " ".repeat(begin.length());
    }
    return 0;
  }

  /** Says where the best model is, and how to go on. */
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
      err.println("No checkpoint is kept (--checkpoint-every 0), so that the run cannot go on.");
      return;
    }
    var command = new ArrayList<String>(List.of("unroll"));
    command.addAll(parsed().originalArgs());
    if (!keeping.resumes()) {
      command.add("--resume");
    }
    err.println("Go on with:  " + KeptOptions.quoted(command));
  }

  /** Returns the run that trains a model again, with the files given. */
  public final Run<?> again() {
    return encoding.reading(parent(), () -> run(options(), RunOutput.NOTHING));
  }
}
