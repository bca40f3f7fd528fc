package dev.unroll.cli.label;

import dev.unroll.ClassifierTrainer;
import dev.unroll.Unroll;
import dev.unroll.base.Workers;
import dev.unroll.cli.option.AsideOptions;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.cli.option.TextColumns;
import dev.unroll.cli.option.UnitOptions;
import dev.unroll.cli.report.Progress;
import dev.unroll.data.LabeledSequence;
import dev.unroll.model.Classifier;
import dev.unroll.store.ModelFile;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.text.Segmentation;
import dev.unroll.text.WordLexicon;
import dev.unroll.text.table.TextTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll classify train}: texts with labels in, model file out. */
@Command(
    name = "train",
    description = "Trains a text classifier and writes it to one file.",
    footer = {
      "",
      "Data: .csv, .tsv or .jsonl files with columns such as label and text, fastText lines (__label__x,",
      "then the text), or a folder with a subfolder for each label and a file for each text.",
      "Examples:",
      "  unroll classify train questions.tsv -o questions.safetensors",
      "  unroll classify train questions.tsv --cross-validate 10",
    })
@KeptInModel
final class ClassifyTrainCommand extends LabelTrainCommand<Classifier, ClassifierTrainer> {

  @Mixin LabelColumns columns = new LabelColumns();
  @Mixin AsideOptions aside = new AsideOptions();
  @Mixin UnitOptions unit = new UnitOptions();

  @Option(
      names = "--several",
      paramLabel = "SEPARATOR",
      description =
          "A text may have several labels, which are separated by SEPARATOR in the label column.")
  @Nullable String several;

  @Option(
      names = "--pooling",
      paramLabel = "KIND",
      defaultValue = "max",
      description =
          "How a text becomes one vector: last (the last output in each direction), mean, max"
              + " or attention. Default: ${DEFAULT-VALUE}.")
  String pooling = "max";

  @Option(
      names = "--no-ngrams",
      description =
          "Do not add a logistic regression on n-grams. Default: it is added to the trained network"
              + " if that makes the validation labels clearly likelier; not with --several,"
              + " --class-weights or --weight-column.")
  boolean noNgrams;

  @Override
  String task() {
    return "classify";
  }

  @Override
  public Progress.Targets targets() {
    return Progress.Targets.TEXTS;
  }

  @Override
  String sequences() {
    return "texts";
  }

  @Override
  Segmentation segmentation() {
    return unit.segmentation();
  }

  @Override
  boolean leavesTokensOpen() {
    return unit.isOpen();
  }

  @Override
  protected Classifier open(Path model) {
    return Classifier.open(model);
  }

  @Override
  protected ClassifierTrainer trainer() {
    return Unroll.classifier();
  }

  @Override
  protected Map<String, Object> shape(Classifier model) {
    Map<String, Object> shape = super.shape(model);
    if (model.description().output() instanceof LabelSpec.PerSequence own) {
      shape.put("--pooling", own.pooling().label());
    }
    if (model.lexicon() instanceof WordLexicon lexicon) {
      UnitOptions.describe(lexicon.segmentation(), shape);
    }
    String between = model.labelNames().source().get("several");
    if (between != null || !model.multiLabel()) {
      shape.put("--several", between);
    }
    return shape;
  }

  @Override
  protected void shape(ClassifierTrainer trainer) {
    super.shape(trainer);
    trainer.pooling(LabelSpec.pooling(pooling));
  }

  @Override
  protected void data(ClassifierTrainer trainer) {
    super.data(trainer);
    Classifier model = parent();
    TextTable known = columns.table(model == null ? Map.of() : model.labelNames().source());
    TextTable table = several == null ? known : known.withSeparator(several);
    trainer
        .table(table.withAside(aside.aside()))
        .links(columns.links())
        .notes(TextColumns.notes(notes()), TextColumns.OPTION)
        .files(files.toArray(Path[]::new))
        .validation(running.valid().toArray(Path[]::new));
    if (noNgrams) {
      trainer.withoutNgrams();
    }
  }

  @Override
  Map<String, Double> measures(
      ModelFile<LabelFields> model,
      ClassifierTrainer trainer,
      List<LabeledSequence> data,
      Workers workers) {
    var own = new Classifier(model);
    return ClassificationReport.measures(own.evaluate(data, workers).score(), own.multiLabel());
  }
}
