package dev.unroll.cli.label;

import dev.unroll.cli.option.AsideOptions;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.cli.option.UnitOptions;
import dev.unroll.cli.report.Progress;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Lexicon;
import dev.unroll.file.ModelFile;
import dev.unroll.kernel.Workers;
import dev.unroll.network.Network;
import dev.unroll.task.label.Classifier;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.label.LabelMeasure;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.Labels;
import dev.unroll.text.table.TextReading;
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
    description = "Trains a network that says what kind of text a text is.",
    footer = {
      "",
      "Data: .csv, .tsv or .jsonl files with columns such as label and text, lines of fastText (__label__x",
      "and the text), or a folder with a folder for each label and a file for each text.",
      "Examples:",
      "  unroll classify train questions.tsv -o questions.safetensors",
      "  unroll classify train names.tsv --unit characters --valid more.tsv -o names.safetensors",
      "  unroll classify train questions.tsv --cross-validate 10",
    })
@KeptInModel
final class ClassifyTrainCommand extends LabelTrainCommand {

  @Mixin LabelColumns columns = new LabelColumns();
  @Mixin AsideOptions aside = new AsideOptions();
  @Mixin UnitOptions unit = new UnitOptions();

  @Option(
      names = "--several",
      paramLabel = "SEPARATOR",
      description =
          "A text may have any number of labels; they stand in the column with SEPARATOR between them.")
  @Nullable String several;

  @Option(
      names = "--pooling",
      paramLabel = "KIND",
      defaultValue = "max",
      description =
          "How a text becomes one vector: last (the last output of each way), mean, max or attention."
              + " Default: ${DEFAULT-VALUE}.")
  String pooling = "max";

  private @Nullable TextReading reading;

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
  List<LabeledSequence> read(List<Path> inputs) {
    TextReading own = reading;
    if (own == null) {
      own = columns.reading(columns.table(several).withAside(aside.aside()), err());
      reading = own;
    }
    return own.labeled(inputs, unit.segmentation());
  }

  /** Returns how files are read, as it was found. */
  private TextTable table() {
    return reading == null ? columns.table(several) : reading.table();
  }

  private boolean multiLabel() {
    return table().separator() != null;
  }

  @Override
  Labels labels(List<LabeledSequence> all) {
    return Labels.of(all, List.of(), table().source());
  }

  @Override
  Lexicon lexicon(List<LabeledSequence> data) {
    var tokens = data.stream().map(LabeledSequence::tokens).toList();
    return lexicon.lexicon(tokens, unit.segmentation());
  }

  @Override
  LabelSpec description(Network layers, Labels labels) {
    var output =
        new LabelSpec.PerSequence(labels.names().size(), LabelSpec.pooling(pooling), multiLabel());
    return new LabelSpec(layers, lexicon.spelling(), output);
  }

  @Override
  LabelMeasure usualMeasure(Labels labels) {
    return multiLabel() ? LabelMeasure.MICRO_F1 : LabelMeasure.ACCURACY;
  }

  @Override
  Map<String, Double> measures(
      ModelFile<LabelFields> model, List<LabeledSequence> data, Workers workers) {
    return ClassificationReport.measures(
        new Classifier(model).evaluate(data, workers).score(), multiLabel());
  }
}
