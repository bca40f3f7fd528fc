package dev.unroll.cli.label;

import dev.unroll.LabelTrainer;
import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.command.TrainCommand;
import dev.unroll.cli.option.DirectionOption;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.cli.option.NetworkOptions;
import dev.unroll.cli.report.FoldTable;
import dev.unroll.cli.report.Progress;
import dev.unroll.cli.report.Verdicts;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Provenance;
import dev.unroll.model.LabelModel;
import dev.unroll.result.LabelMeasure;
import dev.unroll.store.ModelFile;
import dev.unroll.task.Defaults;
import dev.unroll.task.RunOutput;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.label.LabelRun;
import dev.unroll.task.label.Labels;
import dev.unroll.tasks.FoldVerdict;
import dev.unroll.text.Segmentation;
import dev.unroll.text.WordLexicon;
import dev.unroll.train.Training;
import dev.unroll.train.Validation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code unroll classify train} and {@code unroll tag train} have in common. */
abstract class LabelTrainCommand<M extends LabelModel, T extends LabelTrainer<M, T>>
    extends TrainCommand<LabelFields, LabelRun, M, T> {

  /** Options that have no use where no model is kept. */
  private static final List<String> UNUSED_IN_FOLDS =
      List.of(
          "--out",
          "--valid",
          "--metrics",
          "--plot",
          "--seeds",
          "--checkpoint-every",
          "--checkpoints",
          "--resume",
          "--dry-run",
          "--verbose",
          "--force");

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Labeled data (.gz too), or - for standard input.")
  List<Path> files = List.of();

  @Option(
      names = "--cross-validate",
      paramLabel = "K",
      defaultValue = "0",
      description =
          "Train and evaluate K models, each on another held-out Kth of the data, and write"
              + " none. A share of the rest selects the best epoch of each.")
  int folds;

  @KeptInModel
  @Option(
      names = "--longest",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Train on the first N tokens of each text or sentence, which limits the memory for"
              + " long ones. Default: all tokens.")
  int longest;

  @KeptInModel
  @Option(
      names = "--measure",
      paramLabel = "NAME",
      description =
          "What decides which model is best, and when training stops (--patience): loss,"
              + " accuracy, macro-f1 (mean over labels), micro-f1 (for several labels) or span-f1"
              + " (for tags). Default: accuracy; micro-f1 for several labels; span-f1 if tags"
              + " describe spans.")
  @Nullable String measure;

  @Mixin ClassWeights weights = new ClassWeights();

  @Mixin DirectionOption direction = new DirectionOption();

  @Mixin LexiconOptions lexicon = new LexiconOptions();

  /** Returns the name of the task. */
  abstract String task();

  /** Returns what the sequences are called. */
  abstract String sequences();

  /** Returns how texts are cut where training begins with no model. */
  abstract Segmentation segmentation();

  /** Returns whether something of what a token is remains to be found from the data. */
  abstract boolean leavesTokensOpen();

  /** Returns what a trained model reaches on data, by name. */
  abstract Map<String, Double> measures(
      ModelFile<LabelFields> model, T trainer, List<LabeledSequence> data, Workers workers);

  @Override
  protected Defaults defaults() {
    return LabelRun.DEFAULTS;
  }

  @Override
  protected final List<Path> files() {
    return files;
  }

  @Override
  protected final List<Path> inputs() {
    var inputs = new ArrayList<>(files);
    if (lexicon.vectors != null) {
      inputs.add(lexicon.vectors);
    }
    return inputs;
  }

  @Override
  protected final Integer trained() {
    if (folds == 0 || running.findsRate()) {
      return super.trained();
    }
    Training options = options();
    running.checkInputs(files);
    checkFolds();
    crossValidate(options);
    return 0;
  }

  private void checkFolds() {
    if (folds < 2 || folds > 1000) {
      throw new InputException("--cross-validate is " + folds, "It must be in 2 … 1,000.");
    }
    for (String name : UNUSED_IN_FOLDS) {
      if (parsed().hasMatchedOption(name)) {
        throw new InputException(
            name + " does nothing with --cross-validate", "Leave it out: no model is kept.");
      }
    }
  }

  private void crossValidate(Training options) {
    T trainer = trainer(options);
    List<LabeledSequence> all = trainer.data();
    int rest = all.size() - all.size() / folds;
    var data = new Folds(all, folds, trainer.validationShare(rest));
    data.check(sequences());
    Labels labels = trainer.allLabels(data.all());
    var table = new FoldTable(out());
    var verdict = new FoldVerdict();
    for (int fold = 0; fold < folds; fold++) {
      LabelRun run = trainer.prepare(data.rest(fold), labels, RunOutput.NOTHING);
      if (fold == 0) {
        begin(run);
      }
      try (var progress = running.progress(err(), targets());
          var workers = threads.workers()) {
        var model = run.run(progress);
        table.add(
            measures(model, trainer, data.tested(fold), workers),
            Progress.clockTime(progress.seconds()));
      }
      verdict.add(run, data.tested(fold));
    }
    table.printMean();
    if (!running.quiet()) {
      out().flush(); // the verdict is about what stands there
      Verdicts.print(err(), verdict.of(table.mean()));
    }
  }

  @Override
  protected Map<String, Object> shape(M model) {
    Map<String, Object> shape = NetworkOptions.shape(model.description().network(), true);
    shape.put("--direction", DirectionOption.label(model.description().network()));
    LexiconOptions.describe(model, shape);
    return shape;
  }

  @Override
  protected void shape(T trainer) {
    trainer.network(usual -> network.asked(usual).withDirection(direction.direction()));
    lexicon.spell(trainer);
  }

  @Override
  protected void data(T trainer) {
    M model = parent();
    Segmentation cut =
        model != null && model.lexicon() instanceof WordLexicon own
            ? own.segmentation()
            : segmentation();
    if (longest < 0) {
      throw new InputException("--longest is " + longest, "Give a number of tokens; 0 for all.");
    }
    boolean open = model == null && leavesTokensOpen();
    trainer.tokens(lexicon.tokens(cut, open)).longest(longest).labelWeights(weights::of);
    lexicon.beginWithVectors(trainer);
    if (measure != null) {
      trainer.measure(LabelMeasure.of(measure));
    }
  }

  @Override
  protected final LabelRun run(Training options, RunOutput output) {
    LabelRun run = super.run(options, output);
    int width = run.task().network().network().embedding();
    if (network.embedding() != 0 && network.embedding() != width) {
      throw new InputException(
          "--embedding is %d, but the vectors of %s are %d wide"
              .formatted(network.embedding(), lexicon.vectors, width),
          "Leave --embedding out.");
    }
    return run;
  }

  /** What the model reaches on the validation part, by the measure that chose it. */
  @Override
  protected final String reached(LabelRun run, Provenance model) {
    double measure = model.validationMeasure();
    String figure =
        Double.isNaN(measure)
            ? String.format(Locale.ROOT, "loss %.4f", model.validationLoss())
            : new Validation.Measure(run.measure().label(), measure).toString();
    return model.json().containsKey("ngrams") ? figure + " with n-grams" : figure;
  }

  @Override
  protected final List<String> next(LabelRun run, Path model) {
    String task = task();
    return List.of(
        "unroll %s predict %s FILE   or   unroll %s eval %s FILE"
            .formatted(task, model, task, model));
  }
}
