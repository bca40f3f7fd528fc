package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import dev.unroll.cli.report.ColorWriter;
import dev.unroll.cli.report.LearningCurve;
import dev.unroll.cli.report.MetricsFile;
import dev.unroll.cli.report.Progress;
import dev.unroll.cli.report.RateSearchReport;
import dev.unroll.learn.Learner;
import dev.unroll.learn.RateSearch;
import dev.unroll.task.Defaults;
import dev.unroll.text.Lines;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.optimizer.Sgd;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every training reads and writes besides its data: validation, model, metrics, charts. */
public final class RunOptions {

  @Option(
      names = {"-o", "--out"},
      paramLabel = "MODEL",
      description =
          "The model file to write (.safetensors). Needed wherever a model is trained and kept.")
  @Nullable Path out;

  @Option(
      names = "--valid",
      paramLabel = "FILE",
      description =
          "Validation data, which selects the best model (repeatable). Default: a part of FILE.")
  List<Path> valid = List.of();

  @KeptInModel
  @Option(
      names = "--valid-share",
      paramLabel = "X",
      description =
          "Share of the data for validation, if there is no --valid. Default: {valid-share}.")
  @Nullable Double validShare;

  @Option(
      names = "--metrics",
      paramLabel = "FILE",
      description = "Write a JSON line for each step and validation to this file.")
  @Nullable Path metrics;

  @Option(
      names = "--find-rate",
      description =
          "Do not train, but look for a learning rate. It grows from 1e-6 to 10 in 200 steps"
              + " (for sgd from 1e-4 to 1000), and the losses are printed.")
  boolean findRate;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Train N models with the seeds from --seed on, and keep the best one. Mean and"
              + " standard deviation of their validations are reported. Default: ${DEFAULT-VALUE}.")
  int seeds = 1;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw the learning curve, or the losses of --find-rate, as SVG or PNG.")
  @Nullable Path plot;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      preprocessor = ConfigFile.class,
      description =
          "Read options from a TOML file, such as rate = 0.01. Options on the command line"
              + " take precedence. unroll info --config MODEL writes such a file.")
  @Nullable Path config;

  @Option(
      names = "--force",
      description =
          "Overwrite whatever file -o names. Without it, only a model of the same task is"
              + " replaced.")
  boolean force;

  @Option(
      names = "--dry-run",
      description =
          "Read the data and describe the network, its parameters and memory. Nothing is"
              + " trained or written.")
  boolean dryRun;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print warnings and errors only.")
  boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show a curve of the losses at the end, as on a terminal.")
  boolean verbose;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      defaultValue = "auto",
      description =
          "Use color in the output of training: auto (on a terminal, unless NO_COLOR is set"
              + " or TERM is dumb), always or never. Default: ${DEFAULT-VALUE}.")
  ColorWriter.When color = ColorWriter.When.AUTO;

  /** Whether a search of settings follows, so that a rate is not all that is looked for. */
  private boolean searches;

  /** Chooses the color of what is printed. */
  public void colorOf(PrintWriter err) {
    if (err instanceof ColorWriter own) {
      own.setColored(color);
    }
  }

  /** Says that a search of settings follows. */
  public void setSearching() {
    searches = true;
  }

  /** Returns whether no model is written, and none named that would be. */
  private boolean trainsNothing() {
    return !searches && (findRate || (dryRun && out == null));
  }

  /** Returns with how many seeds a model is trained. */
  public int seeds() {
    return SearchOptions.checkedSeeds(seeds);
  }

  /** Returns whether all is done but training. */
  public boolean dryRun() {
    return dryRun;
  }

  /** Returns whether only warnings and errors are printed. */
  public boolean quiet() {
    return quiet;
  }

  /** Returns what shows training. */
  public Progress progress(PrintWriter err, Progress.Targets targets) {
    if (quiet && verbose) {
      throw new InputException("--quiet and --verbose contradict", "Leave one of them out.");
    }
    return quiet ? Progress.silent(targets) : new Progress(err, targets);
  }

  /** Shows the losses of a training that has ended. */
  public void printCurve(Progress progress) {
    if (verbose || progress.isWatched()) {
      progress.printCurve();
    }
  }

  /** Returns where the model goes, or null if it is not given. */
  public @Nullable Path out() {
    return out;
  }

  /** Returns the data that choose the best model; none where a part of the other does. */
  public List<Path> valid() {
    return valid;
  }

  /** Returns whether data of their own choose the best model. */
  public boolean hasValidation() {
    return !valid.isEmpty();
  }

  /** Returns whether a learning rate is looked for, and nothing is trained. */
  public boolean findsRate() {
    return findRate;
  }

  /** Returns where the model goes. */
  public Path model() {
    Path model = out;
    if (model == null) {
      throw new InputException("no file is named for the model", "Name one with -o.");
    }
    return model;
  }

  /** Returns whether an option says which share of the data chooses the best model. */
  public boolean saysShare() {
    return validShare != null;
  }

  /** Returns the share of the data that chooses the best model. */
  public double share(Defaults usual) {
    double share = validShare == null ? usual.validationShare() : validShare;
    if (!(share > 0 && share < 1)) {
      throw new InputException("the validation share is " + share, "It must be in (0, 1).");
    }
    return share;
  }

  /** Checks that all inputs can be read, each once. */
  public void checkInputs(List<Path> files) {
    var inputs = new ArrayList<>(files);
    inputs.addAll(valid);
    if (inputs.stream().filter(Lines::isStandardInput).count() > 1) {
      throw new InputException(
          "standard input is named twice", "It can be read once: name - once.");
    }
    if (!valid.isEmpty() && validShare != null) {
      throw new InputException(
          "--valid-share cannot be combined with --valid", "Leave one or the other out.");
    }
  }

  /**
   * Checks that everything can be written, and over nothing that is read.
   *
   * @param inputs files that are read, besides those for validation
   * @param further another file that is written, or null
   * @param checkpoints where the run is kept
   */
  public void checkPlaces(
      List<Path> inputs, @Nullable Path further, CheckpointOptions checkpoints) {
    var taken = new ArrayList<>(inputs);
    taken.addAll(valid);
    var outputs = new ArrayList<Path>();
    if (!trainsNothing()) {
      OutputFile.checkPlace(model(), taken);
      outputs.add(model());
    }
    for (Path file : Arrays.asList(further, metrics, plot)) {
      if (file != null) {
        OutputFile.checkPlace(file, taken);
        outputs.add(file);
      }
    }
    OutputFile.checkDistinct(outputs, trainsNothing() ? null : checkpoints.folder(model()));
  }

  /**
   * Checks that the model replaces nothing but a model of its task, unless that is asked for.
   *
   * @param task the task's name
   */
  public void checkReplaced(String task) {
    if (!trainsNothing() && !force) {
      OutputFile.checkReplaced(model(), task, "Choose another name, or add --force.");
    }
  }

  /** Trains with the metrics file and the drawing that are asked for. */
  public <T> T watch(
      Progress.Targets targets,
      TrainingListener progress,
      Function<TrainingListener, T> run,
      PrintWriter err) {
    return LearningCurve.watch(
        new LearningCurve.Outputs(metrics, plot, targets), progress, run, err);
  }

  /** Adds a line to the metrics file that is asked for, if one is, when a run has ended. */
  public void addMetrics(String event, Map<String, Object> fields) {
    if (metrics != null) {
      MetricsFile.append(metrics, event, fields);
    }
  }

  /** Looks for a learning rate and prints what it finds. */
  public void search(
      Learner learner,
      Training options,
      Progress.Targets targets,
      PrintWriter out,
      PrintWriter err) {
    try (var progress = progress(err, targets)) {
      RateSearchReport.print(search(learner, options, progress), targets, out, plot);
    }
  }

  /** Looks for a learning rate. */
  public static RateSearch search(Learner learner, Training options, TrainingListener listener) {
    boolean steep = options.optimizer() instanceof Sgd;
    var range = new RateSearch.Range(steep ? 1e-4 : 1e-6, steep ? 1000 : 10, 200);
    return RateSearch.run(learner, options, range, listener);
  }
}
