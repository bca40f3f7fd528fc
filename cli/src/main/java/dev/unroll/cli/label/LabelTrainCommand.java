package dev.unroll.cli.label;

import dev.unroll.cli.option.CheckpointOptions;
import dev.unroll.cli.option.KeptOptions;
import dev.unroll.cli.option.NetworkOptions;
import dev.unroll.cli.option.Repeatable;
import dev.unroll.cli.option.RunOptions;
import dev.unroll.cli.option.ThreadOption;
import dev.unroll.cli.option.TrainingOptions;
import dev.unroll.cli.report.FoldTable;
import dev.unroll.cli.report.PeakMemory;
import dev.unroll.cli.report.Progress;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Lexicon;
import dev.unroll.file.InputException;
import dev.unroll.kernel.Workers;
import dev.unroll.network.Network;
import dev.unroll.task.RunOutput;
import dev.unroll.task.label.LabelMeasure;
import dev.unroll.task.label.LabelModel;
import dev.unroll.task.label.LabelRun;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.LabelTask;
import dev.unroll.task.label.Labels;
import dev.unroll.train.Checkpoints;
import dev.unroll.train.Training;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What {@code unroll classify train} and {@code unroll tag train} have in common. */
public abstract class LabelTrainCommand implements Callable<Integer>, Repeatable {

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Labelled data in UTF-8 (.gz too), or - for standard input.")
  List<Path> files = List.of();

  @Option(
      names = "--cross-validate",
      paramLabel = "K",
      defaultValue = "0",
      description =
          "Write no model, but train K of them, each without another Kth of the data, and measure it"
              + " there. What chooses the best of a run is a share of the rest.")
  int folds;

  @Option(
      names = "--longest",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Learn from the first N tokens of a text or sentence, which bounds the memory that long ones"
              + " take. Default: from all.")
  int longest;

  @Option(
      names = "--measure",
      paramLabel = "NAME",
      description =
          "What says which model is best, and when training stops (--patience): loss, accuracy, macro-f1"
              + " (the mean of all labels), micro-f1 (of several labels), span-f1 (of tags). Default:"
              + " accuracy; micro-f1 where there are several labels; span-f1 where tags describe spans.")
  @Nullable String measure;

  @Option(
      names = "--class-weights",
      paramLabel = "W",
      description =
          "How much the loss of each label counts: balanced (each label as much as any other), or"
              + " LABEL=WEIGHT,… (1 for others). Default: 1 for all.")
  @Nullable String classWeights;

  @Option(
      names = "--direction",
      paramLabel = "WAY",
      defaultValue = "both",
      description =
          "Which way the layers read: both (the outputs side by side), sum (both, added up) or forward."
              + " Default: ${DEFAULT-VALUE}.")
  String direction = "both";

  @Mixin RunOptions running = new RunOptions();
  @Mixin LexiconOptions lexicon = new LexiconOptions();
  @Mixin NetworkOptions network = new NetworkOptions();
  @Mixin TrainingOptions training = new TrainingOptions();
  @Mixin CheckpointOptions keeping = new CheckpointOptions();
  @Mixin ThreadOption threads = new ThreadOption();

  /** The share of the data that chooses the best model, where nothing is said. */
  private static final double SHARE = 0.1;

  /** A label, which may have commas and equals signs, and its weight. */
  private static final Pattern WEIGHT = Pattern.compile("(.+?)=(\\d+(?:\\.\\d+)?)(?:,|$)");

  /** Options that have no use where no model is kept. */
  private static final List<String> UNUSED_IN_FOLDS =
      List.of(
          "--out",
          "--valid",
          "--metrics",
          "--plot",
          "--checkpoint-every",
          "--checkpoints",
          "--resume");

  /** Returns what is counted. */
  abstract Progress.Targets targets();

  /** Reads labelled files. */
  abstract List<LabeledSequence> read(List<Path> inputs);

  /** Returns the labels and columns of the data. */
  abstract Labels labels(List<LabeledSequence> all);

  /** Makes the lexicon of the data that a network is trained on. */
  abstract Lexicon lexicon(List<LabeledSequence> data);

  /** Returns the network's description; {@code layers} has everything but the output. */
  abstract LabelSpec labelling(Network layers, Labels labels);

  /** Returns what chooses the best model where nothing is said. */
  abstract LabelMeasure usualMeasure(Labels labels);

  /** Returns what a trained model reaches on data, by name. */
  abstract Map<String, Double> measures(
      LabelModel model, List<LabeledSequence> data, Workers workers);

  /** Returns what to do with a model. */
  abstract String next(Path model);

  @Override
  public Integer call() {
    Training options = training.training(threads.count());
    running.checkInputs(files);
    if (running.findRate) {
      return findRate(options);
    }
    if (folds != 0) {
      return crossValidate(options);
    }
    Path model = running.model();
    running.checkPlaces(inputs(), null);
    try (Checkpoints checkpoints = keeping.open(model)) {
      var command = KeptOptions.of(spec.commandLine().getParseResult());
      var run = run(options, new RunOutput(command, !running.valid.isEmpty(), model, checkpoints));
      if (!keeping.hasEnded(run, model, checkpoints, spec.commandLine().getErr())) {
        train(run, model);
      }
    }
    return 0;
  }

  private void train(LabelRun run, Path file) {
    PrintWriter err = spec.commandLine().getErr();
    introduce(err, run);
    try (var progress = new Progress(err, targets())) {
      var model = new LabelModel(running.watch(progress, run::run, spec));
      err.println(
          String.format(
              Locale.ROOT,
              "%s: validation %s %.4f; trained in %s at %,.0f %s/s%s",
              file,
              run.measure().label(),
              reached(model),
              Progress.clockTime(progress.seconds()),
              progress.targetsPerSecond(),
              targets().many(),
              PeakMemory.text()));
    }
    err.println("Next:  " + next(file));
  }

  /** What the model reaches on the validation part, by the measure that chose it. */
  private static double reached(LabelModel model) {
    double reached = model.provenance().validationMeasure();
    return Double.isNaN(reached) ? model.provenance().validationLoss() : reached;
  }

  private int findRate(Training options) {
    running.checkPlaces(inputs(), null);
    KeptOptions.checkSearch(spec.commandLine().getParseResult());
    LabelRun run = run(options, RunOutput.NOTHING);
    introduce(spec.commandLine().getErr(), run);
    running.search(run.learner(), options, targets(), spec);
    return 0;
  }

  private int crossValidate(Training options) {
    if (folds < 2 || folds > 1000) {
      throw new InputException("--cross-validate is " + folds, "It must be in 2 … 1,000.");
    }
    for (String name : UNUSED_IN_FOLDS) {
      if (spec.commandLine().getParseResult().hasMatchedOption(name)) {
        throw new InputException(
            name + " does nothing with --cross-validate", "Leave it out: no model is kept.");
      }
    }
    List<LabeledSequence> all = read(files);
    if (folds > all.size()) {
      throw new InputException(
          "--cross-validate is %d, but there are only %d %s"
              .formatted(folds, all.size(), sequences()),
          "Give a smaller number.");
    }
    for (int fold = 0; fold < folds; fold++) {
      if (besidesFold(all, fold).stream().anyMatch(List::isEmpty)) {
        throw new InputException(
            "of %,d %s nothing is left to train or to validate on in fold %d"
                .formatted(all.size(), sequences(), fold + 1),
            "Give more data, or a larger --valid-share.");
      }
    }
    Labels labels = labels(all);
    PrintWriter err = spec.commandLine().getErr();
    var table = new FoldTable(spec.commandLine().getOut());
    for (int fold = 0; fold < folds; fold++) {
      List<LabeledSequence> tested = LabeledSequence.fold(all, fold, folds, true);
      List<List<LabeledSequence>> parts = besidesFold(all, fold);
      var run = training(parts, labels, options, RunOutput.NOTHING);
      if (fold == 0) {
        introduce(err, run);
      }
      try (var progress = new Progress(err, targets());
          var workers = threads.workers()) {
        var model = new LabelModel(run.run(progress));
        table.add(measures(model, tested, workers), Progress.clockTime(progress.seconds()));
      }
    }
    table.printMean();
    return 0;
  }

  /** What is not of a fold: a part to train and one to validate on. */
  private List<List<LabeledSequence>> besidesFold(List<LabeledSequence> all, int fold) {
    return LabeledSequence.cut(LabeledSequence.fold(all, fold, folds, false), running.share(SHARE));
  }

  /** Files that are read, besides those for validation. */
  private List<Path> inputs() {
    var inputs = new ArrayList<>(files);
    if (lexicon.vectors != null) {
      inputs.add(lexicon.vectors);
    }
    return inputs;
  }

  @Override
  public LabelRun again() {
    var command = KeptOptions.of(spec.commandLine().getParseResult());
    return run(
        training.training(threads.count()),
        new RunOutput(command, !running.valid.isEmpty(), null, null));
  }

  private LabelRun run(Training options, RunOutput kept) {
    List<LabeledSequence> data = read(files);
    if (running.valid.isEmpty()) {
      List<List<LabeledSequence>> parts = LabeledSequence.cut(data, running.share(SHARE));
      return training(parts, labels(data), options, kept);
    }
    List<LabeledSequence> validation = read(running.valid);
    var all = new ArrayList<>(data);
    all.addAll(validation);
    return training(List.of(data, validation), labels(all), options, kept);
  }

  private LabelRun training(
      List<List<LabeledSequence>> parts, Labels labels, Training options, RunOutput kept) {
    if (longest < 0) {
      throw new InputException("--longest is " + longest, "Give a number of tokens; 0 for all.");
    }
    List<LabeledSequence> data = parts.get(0);
    Lexicon tokens = lexicon(data);
    Network layers =
        network
            .network(0.5, false)
            .withDirection(Network.direction(direction))
            .withEmbedding(lexicon.width(network.embedding));
    LabelSpec description = labelling(layers, labels);
    boolean perStep = description.output() instanceof LabelSpec.PerStep;
    var task = new LabelTask(tokens, labels, description, lexicon.tokenVectors(tokens));
    var read =
        longest == 0 ? data : data.stream().map(each -> each.first(longest, perStep)).toList();
    var goal =
        new LabelRun.Goal(
            measure == null ? usualMeasure(labels) : LabelMeasure.of(measure),
            weights(data, labels));
    return new LabelRun(task, List.of(read, parts.get(1)), goal, options, kept);
  }

  private List<Double> weights(List<LabeledSequence> data, Labels labels) {
    String asked = classWeights;
    if (asked == null) {
      return List.of();
    }
    if (asked.equals("balanced")) {
      return LabelRun.balanced(data, labels.names());
    }
    var weights = new ArrayList<>(Collections.nCopies(labels.names().size(), 1.0));
    Matcher each = WEIGHT.matcher(asked);
    int end = 0;
    for (; each.lookingAt(); each.region(end, asked.length())) {
      int number = labels.names().indexOf(each.group(1));
      double weight = Double.parseDouble(each.group(2));
      if (number < 0 || !(weight > 0)) {
        throw new InputException(
            "--class-weights has «" + each.group(1) + "=" + each.group(2) + "»",
            number < 0
                ? "The labels are: " + String.join(", ", labels.names())
                : "A weight is above 0.");
      }
      weights.set(number, weight);
      end = each.end();
    }
    if (end < asked.length()) {
      throw new InputException(
          "--class-weights has «" + asked.substring(end) + "»",
          "Give balanced, or LABEL=WEIGHT for some labels, with commas between.");
    }
    return weights;
  }

  private void introduce(PrintWriter err, LabelRun run) {
    LabelTask task = run.task();
    err.println(
        "%,d %s to train on, %,d to validate on; %,d labels; vocabulary %,d"
            .formatted(
                run.training().size(),
                sequences(),
                run.validation().size(),
                task.labels().names().size(),
                task.lexicon().size()));
    var counts = new LinkedHashMap<String, Integer>();
    task.labels().names().forEach(name -> counts.put(name, 0));
    run.training()
        .forEach(each -> each.labels().forEach(label -> counts.merge(label, 1, Integer::sum)));
    counts.forEach(
        (label, count) -> {
          if (count < 2) {
            err.println(
                "note: label «%s» has %s to learn from"
                    .formatted(label, count == 0 ? "nothing" : "one example"));
          }
        });
    if (!task.vectors().rows().isEmpty()) {
      long own =
          task.vectors().rows().keySet().stream()
              .filter(token -> task.lexicon().hasSeen(task.lexicon().token(token)))
              .count();
      err.println(
          "%,d tokens of the data, and %,d others, begin with vectors of %s"
              .formatted(own, task.vectors().rows().size() - own, lexicon.vectors));
    }
    err.println(
        "%,d parameters; %s".formatted(run.size(), ThreadOption.kernels(run.options().threads())));
  }

  /** Returns what the sequences are called. */
  abstract String sequences();
}
